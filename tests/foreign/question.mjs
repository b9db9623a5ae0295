// One request of a scenario with everything that it points at: its caller, its key, its endpoint.

/** The operations for no key, which are authorized on `*`. */
const WITHOUT_KEY = new Set([
  "CreateKey",
  "GenerateRandom",
  "ListAliases",
  "ListKeys",
  "ListRetirableGrants",
  "ConnectCustomKeyStore",
  "DescribeCustomKeyStores",
]);

/** Which parameter names the key that an action is authorized on. */
const KEY_PARAMETER = { ReEncryptFrom: "SourceKeyId", ReEncryptTo: "DestinationKeyId" };

/**
 * @param {object} scenario a whole scenario file
 * @param {object} request one of its requests
 */
export function question(scenario, request) {
  const caller = callerOf(scenario, request.principal);
  const { key, alias } = WITHOUT_KEY.has(request.operation) ? {} : keyOf(scenario, request, caller);
  const endpoint = scenario.vpcEndpoints?.find(({ VpcEndpointId }) => VpcEndpointId === request.vpcEndpoint);
  return { scenario, request, caller, key, alias, endpoint, parameters: request.parameters ?? {} };
}

function callerOf(scenario, principal) {
  const told = typeof principal === "string" ? { Arn: principal } : principal;
  const arn = told.Arn;
  if (!arn.startsWith("arn:")) return { kind: "Service", arn, told, policies: [] };
  const { account, resource } = parseArn(arn);
  const [type, name, session] = resource.split("/");
  const listed = (wanted) => scenario.principals.find(wanted) ?? fail(`${arn} is not listed`);
  const named = (kind) => ({ Arn }) => Arn.startsWith(`arn:aws:iam::${account}:${kind}/`) && last(Arn) === name;
  const kinds = {
    user: () => ({ kind: "User", entity: listed(({ Arn }) => Arn === arn) }),
    "assumed-role": () => ({ kind: "AssumedRole", entity: listed(named("role")), session }),
    "federated-user": () => ({ kind: "FederatedUser", entity: listed(({ Arn }) => Arn === told.user) }),
  };
  const caller = kinds[type]?.() ?? fail(`${arn} is a caller that the other simulator does not know`);
  const groups = (caller.entity.Groups ?? []).map((group) =>
    listed(({ Arn }) => Arn.startsWith(`arn:aws:iam::${account}:group/`) && last(Arn) === group),
  );
  const policies = [caller.entity, ...groups].flatMap(({ Policies }) => Policies ?? []);
  return { ...caller, arn, account, told, policies };
}

function keyOf(scenario, request, caller) {
  const id = request.parameters?.[KEY_PARAMETER[request.operation] ?? "KeyId"];
  if (id === undefined) return { key: scenario.keys[0] };
  const arn = id.startsWith("arn:") ? parseArn(id) : undefined;
  const [type, ...rest] = (arn?.resource ?? (id.startsWith("alias/") ? id : `key/${id}`)).split("/");
  const region = arn?.region ?? request.region;
  const key = scenario.keys.find((key) => {
    const at = parseArn(key.KeyMetadata.Arn);
    if (at.account !== (arn?.account ?? caller.account) || (region !== undefined && at.region !== region)) return false;
    return type === "alias" ? key.Aliases.includes(["alias", ...rest].join("/")) : last(at.resource) === rest[0];
  });
  return { key: key ?? fail(`no key is ${id}`), alias: type === "alias" ? `alias/${rest.join("/")}` : undefined };
}

export function parseArn(arn) {
  const [, partition, service, region, account, ...resource] = arn.split(":");
  return { partition, service, region, account, resource: resource.join(":") };
}

/**
 * Where an account stands in the organization: its levels from the root down, and the path that condition
 * keys show; nothing for an account outside of it.
 */
export function place(scenario, account) {
  const organization = scenario.organization;
  if (!organization || account === undefined) return undefined;
  const { Id, MasterAccountId, Root } = organization;
  const levels = levelsTo(Root, account) ?? (account === MasterAccountId ? [Root] : undefined);
  if (!levels) return undefined;
  const units = levels.filter((level) => /^(r|ou)-/.test(level.Id));
  const path = [Id, ...units.map(({ Id }) => Id), ""].join("/");
  return { id: Id, path, levels, isManagement: account === MasterAccountId };
}

function levelsTo(unit, account) {
  const here = unit.Accounts?.find(({ Id }) => Id === account);
  if (here) return [unit, here];
  for (const inner of unit.OrganizationalUnits ?? []) {
    const levels = levelsTo(inner, account);
    if (levels) return [unit, ...levels];
  }
  return undefined;
}

const last = (arn) => arn.slice(arn.lastIndexOf("/") + 1);

function fail(message) {
  throw new Error(message);
}
