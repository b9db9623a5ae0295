//! What one answered request is evidence of.

use keytrace::{
    Answer,
    assumption::Assumptions,
    catalog::{
        Action, KeyOrigin, KeyState, Operation, find_condition_key,
        key_state::{KeyTraits, StateError, in_state},
    },
    check::{AuthorizedRequest, ErrorName},
    compile::CompiledWorld,
    decision::{AllowedBy, Decision, Match, Missing, PolicyType, PrincipalForm, Relation, StatementId},
    evaluate::{NotInPlay, Question},
    policy::Effect,
    request::{ContextValue, Request, Resource},
    scenario::{DecisionName, Expectation, Scenario},
    trace::{ElementKind, GrantCheck, PolicyTrace, StatementTrace},
    world::{ControlPolicy, World},
};

use super::{Operator, Point, Reading, Verdict};

/// Everything that a request of a scenario shows, some of it repeatedly. One that comes to something else than its
/// author expects shows nothing.
pub(super) fn points(scenario: &Scenario, index: usize, answer: &Answer) -> Vec<Point> {
    let case = scenario.requests.get(index);
    let Some((request, Some(expect))) = case.map(|case| (&case.request, case.expect.as_ref())) else {
        return Vec::new();
    };
    if !expect.mismatches(scenario, index, answer).is_empty() {
        return Vec::new();
    }
    let mut notes = Notes { scenario, request, answer, expect, points: Vec::new() };
    notes.decision();
    notes.permissions();
    notes.conditions();
    notes.grants();
    notes.surroundings();
    notes.key_states();
    notes.named_by_the_author();
    notes.points
}

struct Notes<'a> {
    scenario: &'a Scenario,
    request: &'a Request,
    answer: &'a Answer,
    expect: &'a Expectation,
    points: Vec<Point>,
}

impl Notes<'_> {
    fn note(&mut self, point: Point) {
        self.points.push(point);
    }

    fn world(&self) -> &World {
        &self.scenario.world
    }

    /// Who allowed or denied, as far as the author says so too.
    fn decision(&mut self) {
        let by = self.expect.by;
        let pinned = |kind: PolicyType| by == Some(kind);
        match self.answer.decision {
            Decision::Allowed { by: AllowedBy::KeyPolicy { form, .. } } if pinned(PolicyType::KeyPolicy) => {
                self.note(Point::AllowedBy(PolicyType::KeyPolicy));
                if self.expect.principal == Some(form) {
                    self.note(Point::Form(form, Effect::Allow));
                }
            }
            Decision::Allowed { by: AllowedBy::IdentityPolicy { .. } } if pinned(PolicyType::IdentityPolicy) => {
                self.note(Point::AllowedBy(PolicyType::IdentityPolicy));
            }
            Decision::Allowed { by: AllowedBy::Grant { grant } } if pinned(PolicyType::Grant) => {
                self.note(Point::AllowedBy(PolicyType::Grant));
                let traces = self.answer.authorizations.get(self.answer.deciding).map(|decided| &decided.trace.grants);
                let carried = traces.into_iter().flatten().find(|traced| traced.grant == grant);
                if let Some(form) = carried.and_then(|traced| traced.form) {
                    self.note(Point::Grantee(form));
                }
            }
            Decision::Allowed { by: AllowedBy::RootUser } => self.note(Point::AllowedToRootUser),
            Decision::ExplicitDeny { policy_type, by } if pinned(policy_type) => {
                self.note(Point::DeniedBy(policy_type));
                if policy_type == PolicyType::KeyPolicy {
                    self.denied_forms(by);
                }
            }
            Decision::ImplicitDeny { missing } if self.expect.missing == Some(missing) => self.note(match missing {
                Missing::Policy(kind) => Point::Missing(kind),
                Missing::CrossAccountOperation => Point::MissingCrossAccountOperation,
                Missing::SamePartition => Point::MissingSamePartition,
            }),
            _ => {}
        }
    }

    /// How the denying statement of a key policy names the caller.
    fn denied_forms(&mut self, by: StatementId) {
        let Some(decided) = self.answer.authorizations.get(self.answer.deciding) else { return };
        let policy = decided.trace.policies.iter().find(|policy| policy.policy == by.policy);
        let statement = policy.and_then(|policy| policy.statements.get(by.statement));
        let elements = statement.into_iter().flat_map(|statement| &statement.elements);
        let values = elements.filter(|element| element.element == ElementKind::Principal);
        let hit = values.flat_map(|element| &element.values).filter(|value| value.outcome == Match::Yes);
        let forms: Vec<PrincipalForm> = hit.filter_map(|value| value.form).collect();
        // A statement that names the caller twice shows neither form.
        if let [form] = *forms {
            self.note(Point::Form(form, Effect::Deny));
        }
    }

    /// The operation and the permissions that it takes. A denial speaks of the permission that settles it.
    fn permissions(&mut self) {
        let operation = self.request.operation;
        for (index, authorization) in self.request.authorizations.iter().enumerate() {
            let on = resource(&authorization.resource);
            self.note(Point::Permission(operation.name(), index, authorization.action, on));
        }
        let verdict = match self.answer.decision {
            Decision::Allowed { .. } => Verdict::Allowed,
            Decision::ExplicitDeny { .. } | Decision::ImplicitDeny { .. } => Verdict::Denied,
            Decision::Undetermined { .. } => return,
        };
        if operation == Operation::ReEncrypt {
            self.note(Point::Operation(operation.name(), verdict));
        }
        for (index, authorization) in self.request.authorizations.iter().enumerate() {
            if verdict == Verdict::Denied && index != self.answer.deciding {
                continue;
            }
            let action = authorization.action;
            self.note(Point::Action(action, verdict));
            let owner = authorization.resource.kms_key(self.world()).map(|key| key.arn.account());
            let caller = self.request.caller.account();
            if owner.is_some() && caller.is_some() && owner != caller {
                self.note(Point::AcrossAccounts(action, verdict));
            }
            let decided = self.answer.authorizations.get(index).map(|authorized| authorized.decision);
            if let Some(Decision::Allowed { by: AllowedBy::Grant { .. } }) = decided {
                self.note(Point::ByGrant(action));
            }
        }
    }

    /// Conditions that settle whether their statement applies: everything else about it matches.
    fn conditions(&mut self) {
        let answer = self.answer;
        for policy in answer.authorizations.iter().flat_map(|authorized| &authorized.trace.policies) {
            for statement in &policy.statements {
                self.conditions_of(policy, statement);
            }
        }
    }

    fn conditions_of(&mut self, policy: &PolicyTrace, traced: &StatementTrace) {
        let Some(document) = self.scenario.world.document(policy.policy) else { return };
        let Some(statement) = document.statements.get(traced.index) else { return };
        for element in &traced.elements {
            let ElementKind::Condition(index) = element.element else { continue };
            let mut others = traced.elements.iter().filter(|other| other.element != element.element);
            let Some(condition) = statement.conditions.get(index).filter(|_| others.all(|o| o.outcome == Match::Yes))
            else {
                continue;
            };
            if let Some(info) = find_condition_key(&condition.key) {
                self.note(Point::ConditionKey(info.name, element.outcome));
            }
            let operator = Operator::named(&condition.operator_name);
            assert!(operator.is_some(), "`{}` is not among the operators that are counted", condition.operator_name);
            self.points.extend(operator.map(|operator| Point::Operator(operator, element.outcome)));
        }
    }

    fn grants(&mut self) {
        let answer = self.answer;
        for traced in answer.authorizations.iter().flat_map(|authorized| &authorized.trace.grants) {
            for check in &traced.checks {
                let alone = traced.checks.iter().all(|other| other == check || other.outcome == Match::Yes);
                if alone && traced.outcome == check.outcome {
                    self.note(Point::GrantCheck(grant_check(check.check), check.outcome));
                }
            }
        }
    }

    /// Where caller and resource stand, what takes no part, and where the values of the context come from.
    fn surroundings(&mut self) {
        let Scenario { world, assumptions, .. } = self.scenario;
        let compiled = CompiledWorld::new(world);
        for (index, authorization) in self.request.authorizations.iter().enumerate() {
            let Some(authorized) = self.answer.authorizations.get(index) else { continue };
            for entry in authorized.context.entries().filter(|entry| matches!(entry.value, ContextValue::Values(_))) {
                if let Some(info) = find_condition_key(&entry.name) {
                    self.note(Point::Origin(info.name, entry.origin));
                }
            }
            let question =
                Question::new(self.request, authorization, &authorized.context, world, &compiled, *assumptions);
            let decided = DecisionName::from(authorized.decision).as_str();
            self.note(Point::Situation(relation(question.situation().relation), decided));
            let policies = [
                (PolicyType::ServiceControlPolicy, question.bound_by_service_control_policies().err()),
                (PolicyType::ResourceControlPolicy, question.bound_by_resource_control_policies().err()),
                (
                    PolicyType::VpcEndpointPolicy,
                    self.request.vpc_endpoint.is_none().then_some(NotInPlay::NoVpcEndpoint),
                ),
            ];
            for (kind, why) in policies {
                if let Some(why) = why.filter(|why| *why == NotInPlay::NoOrganization || has_some(kind, world)) {
                    self.note(Point::NotInPlay(kind, why));
                }
            }
        }
    }

    /// What AWS's table says of the keys, if that is what the author expects to happen.
    fn key_states(&mut self) {
        let (Decision::Allowed { .. }, Some(expected)) = (self.answer.decision, &self.expect.error) else { return };
        let asked = AuthorizedRequest::new(self.request, &self.scenario.world, &Assumptions::default());
        for (index, (action, key)) in asked.keys.iter().enumerate() {
            let traits = KeyTraits {
                origin: key.origin,
                in_custom_key_store: key.in_custom_key_store
                    || matches!(key.origin, KeyOrigin::AwsCloudHsm | KeyOrigin::ExternalKeyStore),
                is_new_target: *action == Action::UpdateAlias && index > 0,
            };
            let footnote = in_state(*action, key.state, traits).err().map(StateError::footnote);
            if footnote.is_some() == expected.is_some() {
                self.note(Point::KeyState(key.state));
                self.note(Point::KeyStateCell(*action, column(key.state), footnote));
            }
            if footnote.is_some() {
                break;
            }
        }
    }

    /// What the expectation lists.
    fn named_by_the_author(&mut self) {
        let Expectation { reasons, assumptions, error, .. } = self.expect;
        for reason in reasons {
            self.note(Point::Reason(*reason));
        }
        for assumption in assumptions {
            let switched = self.scenario.assumptions.is_changed(*assumption);
            self.note(Point::Assumption(*assumption, if switched { Reading::Switched } else { Reading::Default }));
        }
        if let Some(error) = error.iter().flatten().find_map(|name| ErrorName::from_name(name)) {
            self.note(Point::Error(error));
        }
    }
}

/// Whether a world has policies of that type that somebody wrote.
fn has_some(kind: PolicyType, world: &World) -> bool {
    let targets = || world.organization.iter().flat_map(|organization| &organization.targets);
    let written = |policies: &[ControlPolicy]| policies.iter().any(|policy| policy.document.is_some());
    match kind {
        PolicyType::ServiceControlPolicy => targets().any(|target| written(&target.service_control_policies)),
        PolicyType::ResourceControlPolicy => targets().any(|target| written(&target.resource_control_policies)),
        PolicyType::VpcEndpointPolicy => world.vpc_endpoints.iter().any(|endpoint| endpoint.policy.is_some()),
        _ => false,
    }
}

/// The column of AWS's table: one speaks of two states.
const fn column(state: KeyState) -> KeyState {
    match state {
        KeyState::PendingReplicaDeletion => KeyState::PendingDeletion,
        other => other,
    }
}

/// What a check of a grant is called in AWS's description of a grant.
#[must_use]
pub const fn grant_check(check: GrantCheck) -> &'static str {
    match check {
        GrantCheck::Operations => "Operations",
        GrantCheck::Grantee => "GranteePrincipal",
        GrantCheck::RetiringPrincipal => "RetiringPrincipal",
        GrantCheck::EncryptionContext => "EncryptionContext",
        GrantCheck::SourceArn => "SourceArn",
        GrantCheck::Chain => "grants made through it",
        GrantCheck::Effective => "in effect",
    }
}

/// What a permission is on, in words.
const fn resource(resource: &Resource) -> &'static str {
    match resource {
        Resource::Key(_) => "the key",
        Resource::Grant { .. } => "the grant",
        Resource::Alias(_) => "the alias",
        Resource::NewKey(_) => "the new key",
        Resource::Missing(_) => "a key that is not there",
        Resource::None => "`*`",
    }
}

/// Where the caller stands, in words.
#[must_use]
pub const fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::IamOnly => "no key, or an alias",
        Relation::SameAccount => "the key's own account",
        Relation::OtherAccount => "another account",
        Relation::OtherPartition => "another partition",
        Relation::Service => "an AWS service for itself",
        Relation::Retiring => "retiring a grant",
    }
}
