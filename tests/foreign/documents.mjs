// Simulations with other documents in them. What is not changed is shared, never written to.

/** The simulation with another version of each of its documents. */
export function inDocuments(simulation, change) {
  const entries = (list) => list?.map((entry) => ({ ...entry, policy: change(entry.policy) }));
  const levels = (list) => list.map((level) => ({ ...level, policies: entries(level.policies) }));
  return {
    ...simulation,
    identityPolicies: entries(simulation.identityPolicies),
    permissionBoundaryPolicies: entries(simulation.permissionBoundaryPolicies),
    vpcEndpointPolicies: entries(simulation.vpcEndpointPolicies),
    serviceControlPolicies: levels(simulation.serviceControlPolicies),
    resourceControlPolicies: levels(simulation.resourceControlPolicies),
    sessionPolicy: simulation.sessionPolicy && change(simulation.sessionPolicy),
    resourcePolicy: simulation.resourcePolicy && change(simulation.resourcePolicy),
  };
}

/** The simulation with other statements in its key policy. */
export function inKeyPolicy(simulation, change) {
  const { resourcePolicy } = simulation;
  return resourcePolicy ? { ...simulation, resourcePolicy: inStatements(change)(resourcePolicy) } : simulation;
}

/** A change of statements as one of documents. */
export const inStatements = (change) => (document) => ({ ...document, Statement: statements(document).map(change) });

/** A change of the values in conditions, to one or several for each, as one of documents. */
export const conditionValues = (change) =>
  conditions((keys, operator) =>
    mapMembers(keys, (values, key) => [values].flat().flatMap((value) => change(value, operator, key))),
  );

/** A change of the condition keys, as one of documents. */
export const conditionKeys = (change) =>
  conditions((keys, operator) =>
    Object.fromEntries(Object.entries(keys).map(([key, values]) => [change(key, operator), values])),
  );

/** A change of what stands under an operator, as one of documents. */
const conditions = (change) =>
  inStatements((statement) =>
    statement.Condition ? { ...statement, Condition: mapMembers(statement.Condition, change) } : statement,
  );

/** A change of the ARNs in `Resource` and `NotResource`, as one of documents. */
export const resources = (change) =>
  inStatements((statement) =>
    mapMembers(statement, (value, name) => (/^(Not)?Resource$/.test(name) ? [value].flat().map(change) : value)),
  );

/** A change of the names in `Principal` and `NotPrincipal`, as one of statements. */
export function principals(change) {
  const inElement = (element) =>
    typeof element === "object" ? mapMembers(element, (names) => [names].flat().map(change)) : element;
  return (statement) =>
    mapMembers(statement, (value, name) => (/^(Not)?Principal$/.test(name) ? inElement(value) : value));
}

export const statements = ({ Statement }) => [Statement].flat();

export const denies = (policy) => statements(policy).filter(({ Effect }) => Effect === "Deny");

const mapMembers = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
