// What the other simulator would have to do otherwise, by the names in differences.json: `input` gives it
// another simulation, `output` gives another decision. Each stands for one sentence of AWS's documentation.

import {
  conditionKeys,
  conditionValues,
  denies,
  inDocuments,
  inKeyPolicy,
  principals,
  resources,
  statements,
} from "./documents.mjs";
import { parseArn } from "./question.mjs";

/** A value that no request has, and that is an ARN where one is expected. */
const NEVER = "arn:no:value:for:this:variable";

const EVERYTHING = { Effect: "Allow", Action: "*", Resource: "*" };
const NOTHING_OF_KMS = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::none/*" };

/** <https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html> */
const ACROSS_ACCOUNTS = new Set([
  "CreateGrant",
  "Decrypt",
  "DeriveSharedSecret",
  "DescribeKey",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateMac",
  "GetKeyRotationStatus",
  "GetPublicKey",
  "ListGrants",
  "ReEncryptFrom",
  "ReEncryptTo",
  "RevokeGrant",
  "Sign",
  "Verify",
  "VerifyMac",
]);

export const CORRECTIONS = {
  /** Some operations are for keys of the caller's own account only, whatever policies say. */
  crossAccountOperation: {
    output(decision, { caller, key, request }) {
      const abroad = key && caller.account && ownerOf(key) !== caller.account;
      return decision === "Allowed" && abroad && !ACROSS_ACCOUNTS.has(request.operation) ? "ImplicitDeny" : decision;
    },
  },

  /** `NotPrincipal` excepts whom it lists on every level: account, user or role, session. */
  notPrincipalOnEveryLevel: {
    input: (simulation, { caller }) =>
      inKeyPolicy(simulation, (statement) => {
        const { NotPrincipal, ...rest } = statement;
        if (NotPrincipal === undefined) return statement;
        const listed = Object.values(NotPrincipal).flat();
        const excepted = levels(caller).every((names) => names.some((name) => listed.includes(name)));
        return excepted ? statement : { ...rest, Principal: "*" };
      }),
  },

  /** What holds a variable without a value equals nothing, so that a negated operator or element matches. */
  variableWithoutValue: {
    input(simulation) {
      const known = byName(simulation);
      const hasNone = (variable) => {
        const [name, byDefault] = variable.slice(2, -1).split(", ");
        const special = ["*", "?", "$"].includes(name);
        return !special && byDefault === undefined && typeof known.get(name.toLowerCase()) !== "string";
      };
      const spoilt = (value) => (value.match(/\$\{[^}]*\}/g) ?? []).some(hasNone);
      const change = (value) => (spoilt(value) ? NEVER : value);
      return inDocuments(inDocuments(simulation, conditionValues(change)), resources(change));
    },
  },

  /** The colon in a variable's name parts no ARN. */
  variableInsideArn: {
    input(simulation) {
      const known = byName(simulation);
      const value = (name) => known.get(name.toLowerCase());
      const filledIn = (text, operator) =>
        operator.includes("Arn") ? text.replace(/\$\{([^},]+)\}/g, (whole, name) => value(name) ?? whole) : text;
      return inDocuments(simulation, conditionValues(filledIn));
    },
  },

  /** A role's ARN names the role with its path, and with its letter case. */
  roleArnInFull: {
    input(simulation, { caller: { kind, entity } }) {
      if (kind !== "AssumedRole") return simulation;
      const name = (arn) => arn.split("/").at(-1).toLowerCase();
      const isNear = (arn) => arn.includes(":role/") && arn !== entity.Arn && name(arn) === name(entity.Arn);
      return inKeyPolicy(simulation, principals((arn) => (isNear(arn) ? "arn:aws:iam::000000000000:role/none" : arn)));
    },
  },

  /** What a key policy gives everybody, it gives the session itself: session policies do not limit that. */
  everybodyBesideSessionPolicies: {
    output(decision, { caller, key }, simulation, decide) {
      const { sessionPolicy, resourcePolicy, identityPolicies } = simulation;
      if (decision !== "ImplicitDeny" || !sessionPolicy || !key || ownerOf(key) !== caller.account) return decision;
      const counts = ({ Effect, Principal }) => Effect === "Deny" || Principal === "*" || Principal?.AWS === "*";
      const keepDenies = (policy, allow) => ({ ...policy, Statement: [allow, ...denies(policy)] });
      return decide({
        ...simulation,
        sessionPolicy: keepDenies(sessionPolicy, EVERYTHING),
        identityPolicies: identityPolicies.map(({ name, policy }) => ({
          name,
          policy: keepDenies(policy, NOTHING_OF_KMS),
        })),
        resourcePolicy: { ...resourcePolicy, Statement: statements(resourcePolicy).filter(counts) },
      });
    },
  },

  /** An address alone is a block of one, however the address is spelled. */
  addressAlone: {
    input(simulation) {
      const asBlock = (value) => (value.includes("/") ? value : `${value}/${value.includes(":") ? 128 : 32}`);
      const change = (value, operator) => (operator.includes("IpAddress") ? asBlock(value) : value);
      return inDocuments(simulation, conditionValues(change));
    },
  },

  /** Dates may be written as seconds since 1970: `aws:EpochTime` always is, the values in policies may be. */
  secondsSince1970: {
    input(simulation) {
      const isCount = (value) => /^\d{5,}$/.test(value);
      const asDate = (value) => (isCount(value) ? new Date(value * 1000).toISOString() : value);
      const asCount = (value) => (isCount(value) ? value : String(Date.parse(value) / 1000));
      const like = (key) => (key.toLowerCase() === "aws:epochtime" ? asCount : asDate);
      const change = (value, operator, key) => (operator.includes("Date") ? like(key)(value) : value);
      return inDocuments(simulation, conditionValues(change));
    },
  },

  /** An empty text is null, and null is not in the set of a request's values. */
  emptyTextInSet: {
    input(simulation) {
      const known = byName(simulation);
      const change = (key, operator) =>
        /^ForA(ny|ll)/.test(operator) && known.get(key.toLowerCase()) === "" ? "aws:PrincipalTag/none" : key;
      return inDocuments(simulation, conditionKeys(change));
    },
  },

  /** A block of length zero is every address of its version. */
  blockOfEveryAddress: {
    input(simulation) {
      const halves = ["0.0.0.0/1", "128.0.0.0/1"];
      const inHalves = (value, operator) =>
        operator.includes("IpAddress") && value === "0.0.0.0/0" ? halves : value;
      return inDocuments(simulation, conditionValues(inHalves));
    },
  },

  /** What an ARN leaves out at its end is every value. */
  incompleteArn: {
    input: (simulation) => inDocuments(simulation, resources(filledUp)),
  },
};

const byName = ({ request }) =>
  new Map(Object.entries(request.contextVariables).map(([name, value]) => [name.toLowerCase(), value]));

const ownerOf = (key) => parseArn(key.KeyMetadata.Arn).account;

function levels({ kind, account, entity, arn }) {
  if (kind === "Service") return [[arn]];
  const role = kind === "AssumedRole" ? [[entity.Arn]] : [];
  return [[account, `arn:aws:iam::${account}:root`], ...role, [arn]];
}

function filledUp(arn) {
  const parts = arn.split(":");
  return parts[0] === "arn" ? [...parts, ...Array(Math.max(0, 6 - parts.length)).fill("*")].join(":") : arn;
}
