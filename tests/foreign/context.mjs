// The request context: what AWS would have in it, written anew from AWS's pages, so that a slip in the
// engine's own derivation shows as a difference.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html

import { parseArn, place } from "./question.mjs";

const CRYPTOGRAPHIC = [
  "Decrypt",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "GenerateDataKeyWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
];
/** Which parameter holds the encryption context of an operation. */
const ENCRYPTION_CONTEXT = { ReEncryptFrom: "SourceEncryptionContext", ReEncryptTo: "DestinationEncryptionContext" };
const ENCRYPTION_ALGORITHM = {
  ReEncryptFrom: "SourceEncryptionAlgorithm",
  ReEncryptTo: "DestinationEncryptionAlgorithm",
};

/** Condition keys that repeat a parameter, with the parameter's default where the key has that too. */
const PARAMETERS = {
  CreateKey: { "kms:BypassPolicyLockoutSafetyCheck": ["BypassPolicyLockoutSafetyCheck"] },
  DeriveSharedSecret: { "kms:KeyAgreementAlgorithm": ["KeyAgreementAlgorithm"] },
  EnableKeyRotation: { "kms:RotationPeriodInDays": ["RotationPeriodInDays", "365"] },
  GenerateDataKeyPair: { "kms:DataKeyPairSpec": ["KeyPairSpec"] },
  GenerateDataKeyPairWithoutPlaintext: { "kms:DataKeyPairSpec": ["KeyPairSpec"] },
  GenerateMac: { "kms:MacAlgorithm": ["MacAlgorithm"] },
  GetKeyPolicy: { "kms:PolicyName": ["PolicyName", "default"] },
  GetParametersForImport: {
    "kms:WrappingAlgorithm": ["WrappingAlgorithm"],
    "kms:WrappingKeySpec": ["WrappingKeySpec"],
  },
  ImportKeyMaterial: { "kms:ExpirationModel": ["ExpirationModel"], "kms:ValidTo": ["ValidTo"] },
  PutKeyPolicy: {
    "kms:BypassPolicyLockoutSafetyCheck": ["BypassPolicyLockoutSafetyCheck"],
    "kms:PolicyName": ["PolicyName", "default"],
  },
  ScheduleKeyDeletion: { "kms:ScheduleKeyDeletionPendingWindowInDays": ["PendingWindowInDays", "30"] },
  Sign: { "kms:MessageType": ["MessageType", "RAW"], "kms:SigningAlgorithm": ["SigningAlgorithm"] },
  Verify: { "kms:MessageType": ["MessageType", "RAW"], "kms:SigningAlgorithm": ["SigningAlgorithm"] },
  VerifyMac: { "kms:MacAlgorithm": ["MacAlgorithm"] },
};

/** @returns {Record<string, string | string[]>} every condition key of the request that has a value */
export function context(question) {
  const { request } = question;
  const derived = [callerKeys, sessionKeys, networkKeys, requestKeys, keyKeys, operationKeys];
  // What is said by hand wins; `null` says that the key is absent.
  const said = [...derived.map((of) => of(question)), request.context ?? {}];
  const all = new Map(said.flatMap(Object.entries).map(([name, value]) => [name.toLowerCase(), [name, value]]));
  const isThere = (value) => value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
  const present = [...all.values()].filter(([, value]) => isThere(value));
  const inText = (value) => (Array.isArray(value) ? value.map(String) : String(value));
  return Object.fromEntries(present.map(([name, value]) => [name, inText(value)]));
}

function callerKeys({ scenario, caller }) {
  if (caller.kind === "Service") {
    return {
      "aws:PrincipalIsAWSService": true,
      "aws:PrincipalServiceName": caller.arn,
      "aws:PrincipalServiceNamesList": [caller.arn],
    };
  }
  const { kind, account, entity, arn, session } = caller;
  const at = place(scenario, account);
  const id = entity.UserId ?? entity.RoleId;
  const userid = { User: id, AssumedRole: `${id}:${session}`, FederatedUser: `${account}:${arn.split("/").at(-1)}` };
  return {
    "aws:PrincipalArn": kind === "AssumedRole" ? entity.Arn : arn,
    "aws:PrincipalAccount": account,
    "aws:PrincipalType": kind,
    "aws:PrincipalIsAWSService": false,
    "aws:PrincipalOrgID": at?.id,
    "aws:PrincipalOrgPaths": at && [at.path],
    "aws:userid": userid[kind],
    "aws:username": kind === "User" ? arn.split("/").at(-1) : undefined,
    ...principalTags(caller),
  };
}

/** Session tags take the place of tags of the user or role whose names are the same without case. */
function principalTags({ entity, told }) {
  const tags = new Map();
  const pairs = [...(entity.Tags ?? []).map(({ Key, Value }) => [Key, Value]), ...Object.entries(told.tags ?? {})];
  pairs.forEach(([name, value]) => tags.set(name.toLowerCase(), [`aws:PrincipalTag/${name}`, value]));
  return Object.fromEntries(tags.values());
}

function sessionKeys({ caller: { kind, told } }) {
  // A role session is one without a second factor unless it is said; of a federated user AWS has no such key.
  const mfa = told.mfa ?? (kind === "AssumedRole" || told.tokenIssueTime !== undefined ? false : undefined);
  return {
    "aws:MultiFactorAuthPresent": kind === "FederatedUser" || kind === "Service" ? undefined : mfa,
    "aws:MultiFactorAuthAge": told.mfaAge,
    "aws:SourceIdentity": told.sourceIdentity,
    "aws:TokenIssueTime": told.tokenIssueTime,
  };
}

function networkKeys({ scenario, endpoint }) {
  if (!endpoint) return {};
  const owner = place(scenario, endpoint.OwnerId);
  return {
    "aws:SourceVpce": endpoint.VpcEndpointId,
    "aws:SourceVpc": endpoint.VpcId,
    "aws:VpceAccount": endpoint.OwnerId,
    "aws:VpceOrgID": owner?.id,
    "aws:VpceOrgPaths": owner && [owner.path],
  };
}

function requestKeys({ scenario, request, caller, key }) {
  const source = request.context?.["aws:SourceArn"];
  const told = request.context?.["aws:SourceAccount"] ?? (source && parseArn(source).account);
  const account = caller.kind === "Service" ? told : undefined;
  const owner = place(scenario, account);
  // What has no key takes place in the caller's account.
  const home = key ? parseArn(key.KeyMetadata.Arn).account : caller.account;
  const ofResource = place(scenario, home);
  return {
    "aws:ResourceAccount": home,
    "aws:ResourceOrgID": ofResource?.id,
    "aws:ResourceOrgPaths": ofResource && [ofResource.path],
    "aws:SecureTransport": true,
    "aws:RequestedRegion": request.region ?? (key && parseArn(key.KeyMetadata.Arn).region),
    "aws:CurrentTime": scenario.now,
    "aws:EpochTime": Date.parse(scenario.now) / 1000,
    "aws:ViaAWSService": request.via !== undefined,
    "aws:SourceAccount": account,
    "aws:SourceOrgID": owner?.id,
    "aws:SourceOrgPaths": owner && [owner.path],
  };
}

/** Every operation on a key carries the key's properties. */
function keyKeys({ request, caller, key, alias }) {
  if (!key) return {};
  const { KeyMetadata: metadata, Aliases, Tags } = key;
  return {
    ...Object.fromEntries(Tags.map(({ TagKey, TagValue }) => [`aws:ResourceTag/${TagKey}`, TagValue])),
    "kms:CallerAccount": caller.account,
    "kms:ViaService": request.via,
    "kms:KeySpec": metadata.KeySpec ?? "SYMMETRIC_DEFAULT",
    "kms:KeyUsage": metadata.KeyUsage ?? "ENCRYPT_DECRYPT",
    "kms:KeyOrigin": metadata.Origin ?? "AWS_KMS",
    "kms:MultiRegion": metadata.MultiRegion ?? false,
    "kms:MultiRegionKeyType": metadata.MultiRegionConfiguration?.MultiRegionKeyType,
    "kms:ResourceAliases": Aliases,
    "kms:RequestAlias": alias,
  };
}

function operationKeys({ request, caller, parameters }) {
  const { operation, via } = request;
  const keys = {};
  for (const [name, [parameter, byDefault]] of Object.entries(PARAMETERS[operation] ?? {})) {
    keys[name] = parameters[parameter] ?? byDefault;
  }
  if (CRYPTOGRAPHIC.includes(operation)) {
    const algorithm = parameters[ENCRYPTION_ALGORITHM[operation] ?? "EncryptionAlgorithm"];
    keys["kms:EncryptionAlgorithm"] = algorithm ?? "SYMMETRIC_DEFAULT";
    Object.assign(keys, encryptionContext(parameters[ENCRYPTION_CONTEXT[operation] ?? "EncryptionContext"]));
  }
  if (["CreateGrant", "ListGrants", "RevokeGrant"].includes(operation)) {
    keys["kms:GrantIsForAWSResource"] = via !== undefined;
  }
  if (operation === "CreateGrant") Object.assign(keys, grantKeys(parameters));
  if (["ReEncryptFrom", "ReEncryptTo"].includes(operation)) {
    const { SourceKeyId, DestinationKeyId } = parameters;
    keys["kms:ReEncryptOnSameKey"] = SourceKeyId && DestinationKeyId ? SourceKeyId === DestinationKeyId : undefined;
  }
  if (operation === "CreateKey") Object.assign(keys, keyToBe(parameters, caller, via));
  if (operation.endsWith("CustomKeyStore") || operation.endsWith("CustomKeyStores")) {
    keys["kms:CallerAccount"] = caller.account;
  }
  const { Tags = [], TagKeys = [] } = parameters;
  Tags.forEach(({ TagKey, TagValue }) => (keys[`aws:RequestTag/${TagKey}`] = TagValue));
  keys["aws:TagKeys"] = [...Tags.map(({ TagKey }) => TagKey), ...TagKeys];
  return keys;
}

function encryptionContext(pairs = {}) {
  const values = Object.entries(pairs).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]);
  return { ...Object.fromEntries(values), "kms:EncryptionContextKeys": Object.keys(pairs) };
}

/** A grant that is to be made has the encryption context of its constraint. */
function grantKeys({ Constraints = {}, ...parameters }) {
  const type = ["EncryptionContextEquals", "EncryptionContextSubset"].find((name) => Constraints[name]);
  return {
    ...encryptionContext(Constraints[type]),
    "kms:GrantConstraintType": type,
    "kms:GrantConstraintSourceArn": Constraints.SourceArn,
    "kms:GrantOperations": parameters.Operations,
    "kms:GranteePrincipal": parameters.GranteePrincipal,
    "kms:GranteeServicePrincipal": parameters.GranteeServicePrincipal,
    "kms:RetiringPrincipal": parameters.RetiringPrincipal,
    "kms:RetiringServicePrincipal": parameters.RetiringServicePrincipal,
  };
}

/** A key that is to be made has the properties that are asked for, or their defaults. */
function keyToBe(parameters, caller, via) {
  return {
    "kms:CallerAccount": caller.account,
    "kms:ViaService": via,
    "kms:KeySpec": parameters.KeySpec ?? "SYMMETRIC_DEFAULT",
    "kms:KeyUsage": parameters.KeyUsage ?? "ENCRYPT_DECRYPT",
    "kms:KeyOrigin": parameters.Origin ?? "AWS_KMS",
    "kms:MultiRegion": parameters.MultiRegion ?? false,
    "kms:MultiRegionKeyType": parameters.MultiRegion ? "PRIMARY" : undefined,
  };
}
