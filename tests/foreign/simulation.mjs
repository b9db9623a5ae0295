// A question in the terms of the other simulator.

import { context } from "./context.mjs";
import { parseArn, place } from "./question.mjs";

const FULL_ACCESS = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

/**
 * Condition keys that the other simulator leaves out of a request: those with a name of the request's own
 * after the last colon, and one that only the API's pages name. They become tags of the principal, which it
 * keeps, in policies and in the request alike.
 */
const LEFT_OUT = /^kms:(EncryptionContext:|RecipientAttestation:|PolicyName$)/i;

/** @returns what `runSimulation` takes */
export function simulation(question) {
  const { request, caller, key, endpoint } = question;
  const { sessionPolicies = [] } = caller.told;
  if (sessionPolicies.length > 1) throw new Error("the other simulator takes one session policy");
  const owner = key && parseArn(key.KeyMetadata.Arn).account;
  return {
    request: {
      principal: caller.arn,
      action: `kms:${request.operation}`,
      resource: { resource: key?.KeyMetadata.Arn ?? "*", accountId: owner ?? caller.account ?? "" },
      contextVariables: renamed(context(question)),
    },
    sessionPolicy: sessionPolicies[0] && policy(sessionPolicies[0].PolicyDocument),
    identityPolicies: caller.policies.map(({ PolicyName, PolicyDocument }, index) => ({
      name: `${PolicyName} ${index}`,
      policy: policy(PolicyDocument),
    })),
    permissionBoundaryPolicies: caller.entity?.PermissionsBoundary && [
      { name: "boundary", policy: policy(caller.entity.PermissionsBoundary.PolicyDocument) },
    ],
    serviceControlPolicies: serviceControlPolicies(question),
    resourceControlPolicies: resourceControlPolicies(question, owner),
    resourcePolicy: key && policy(key.Policy),
    vpcEndpointPolicies: endpoint?.PolicyDocument && [{ name: "endpoint", policy: policy(endpoint.PolicyDocument) }],
  };
}

/** They bind users and roles of member accounts; a service is neither. */
function serviceControlPolicies({ scenario, caller }) {
  const at = place(scenario, caller.account);
  if (!at || at.isManagement || isBillingOnly(scenario)) return [];
  return at.levels.map(({ Id, ServiceControlPolicies = ["FullAWSAccess"] }) => level(Id, ServiceControlPolicies));
}

/** They guard customer managed keys of member accounts. */
function resourceControlPolicies({ scenario, key }, owner) {
  const at = place(scenario, owner);
  const exempt = key?.KeyMetadata.KeyManager === "AWS";
  if (!at || at.isManagement || exempt || isBillingOnly(scenario)) return [];
  const ofOurs = (attached) => attached.filter((entry) => entry !== "RCPFullAWSAccess");
  return at.levels.map(({ Id, ResourceControlPolicies = [] }) => level(Id, ofOurs(ResourceControlPolicies)));
}

const isBillingOnly = ({ organization }) => organization.FeatureSet === "CONSOLIDATED_BILLING";

function level(id, attached) {
  const policies = attached.map((entry, index) => {
    if (entry === "FullAWSAccess") return { name: entry, policy: FULL_ACCESS };
    return { name: `${id} ${index}`, policy: policy(entry.Content) };
  });
  return { orgIdentifier: id, policies };
}

/** Documents are the same object in all questions of a scenario; each is rewritten once. */
const rewritten = new WeakMap();

function policy(document) {
  if (typeof document === "string") throw new Error("a document inside a string");
  if (!rewritten.has(document)) rewritten.set(document, rewrite(document));
  return rewritten.get(document);
}

function rewrite(value, inCondition = false) {
  if (Array.isArray(value)) return value.map((element) => rewrite(element, inCondition));
  if (typeof value !== "object" || value === null) return inCondition ? String(value) : value;
  const members = Object.entries(value).map(([name, inner]) => {
    const condition = inCondition || name === "Condition";
    return [inCondition ? rename(name) : name, rewrite(inner, condition)];
  });
  return Object.fromEntries(members);
}

const rename = (name) => (LEFT_OUT.test(name) ? `aws:PrincipalTag/${name.replaceAll(":", "-")}` : name);

const renamed = (variables) =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [rename(name), value]));
