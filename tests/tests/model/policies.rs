//! Policy types and how they combine; grants.

use keytrace::{
    decision::{Match, PrincipalForm, Relation},
    explain,
    policy::Effect,
    trace::GrantCheck,
};
use keytrace_tests::coverage::{
    Coverage, FORMS, GRANT_CHECKS, NOT_IN_PLAY, POLICY_TYPES, Point, grant_check, out_of_reach, relation,
};

use crate::markdown::{count, link, standing, table};

pub fn section(coverage: &Coverage) -> String {
    let types = POLICY_TYPES.map(|kind| {
        let points = [Point::AllowedBy(kind), Point::DeniedBy(kind), Point::Missing(kind)];
        let [allows, denies, missing] = points.map(|point| count(coverage, [point]));
        let name = link(explain::policy_type(kind), explain::policy_type_page(kind));
        vec![name, allows, denies, missing, standing(coverage, points)]
    });
    let relations = RELATIONS.map(|where_from| {
        let name = relation(where_from);
        let decided = ["Allowed", "ExplicitDeny", "ImplicitDeny", "Undetermined"];
        let counts = decided.map(|decision| count(coverage, [Point::Situation(name, decision)]));
        [name.to_string(), who_must_allow(where_from).into()].into_iter().chain(counts).collect()
    });
    let forms = FORMS.map(|form| {
        let points = [Point::Form(form, Effect::Allow), Point::Form(form, Effect::Deny)];
        let [allows, denies] = points.map(|point| count(coverage, [point]));
        vec![explain::form(form).into(), beside(form).into(), allows, denies, standing(coverage, points)]
    });
    let exempt = NOT_IN_PLAY.iter().map(|(kind, why)| {
        let points = [Point::NotInPlay(*kind, *why)];
        vec![explain::policy_type(*kind).into(), explain::not_in_play(*why).into(), standing(coverage, points)]
    });
    let [root_user, across_accounts, across_partitions] =
        [Point::AllowedToRootUser, Point::MissingCrossAccountOperation, Point::MissingSamePartition]
            .map(|point| count(coverage, [point]));
    format!(
        "## Policy types and how they combine\n\n\
         An explicit deny in any policy of any type beats every allow; when several deny, the first type of this table \
         is the one that is named. Without a deny somebody must allow, and nobody who can limit may be silent:\n\n\
         - *Resource control policies, service control policies and the VPC endpoint policy* only limit. Each type \
         that takes part must let the request pass, whoever allows it. Service control policies must do so at every \
         level from the account up to the root.\n\
         - *Permissions boundary and session policies* limit what identity-based policies give. They limit what the key \
         policy gives only where it names the role, or the user behind a federated-user session.\n\
         - *Key policy, grants and identity-based policies* allow. Which of them must depends on where the caller \
         stands.\n\n\
         {}\n\
         *Missing* counts denials because that type did not allow. A number is a count of scenarios and leads to a short \
         one that shows little else; what is in brackets behind a count says how many of these rest on observation or inference \
         rather than on a sentence of AWS's.\n\n\
         ### Where the caller stands\n\n\
         Root users have no IAM policies and need none: they have what the key policy gives the account, and everything \
         where no key is involved ({root_user}). What is missing from a denial can also be that the operation works \
         across accounts ({across_accounts}), or that caller and key are in one partition ({across_partitions}).\n\n{}\n\
         ### How a key policy names the caller\n\n{}\n\
         ### Who is exempt\n\n\
         Counted are scenarios in which such policies exist and take no part, and all that have no organization.\n\n{}",
        table(&["Policy type", "Allows", "Denies", "Missing", "Scenarios"], types),
        table(
            &["Caller", "Who must allow", "Allowed", "Denied explicitly", "Denied implicitly", "Undetermined"],
            relations
        ),
        table(
            &[
                "The principal is",
                "What else must allow, in the key's own account",
                "In an Allow",
                "In a Deny",
                "Scenarios"
            ],
            forms
        ),
        table(&["Policies", "Take no part because", "Scenarios"], exempt),
    )
}

const RELATIONS: [Relation; 6] = [
    Relation::SameAccount,
    Relation::OtherAccount,
    Relation::OtherPartition,
    Relation::Service,
    Relation::Retiring,
    Relation::IamOnly,
];

const fn who_must_allow(relation: Relation) -> &'static str {
    match relation {
        Relation::SameAccount => {
            "the key policy, where it names the caller; or an IAM policy, where the key policy or a grant names the account; or a grant to the caller"
        }
        Relation::OtherAccount => {
            "both accounts: the key policy or a grant, and an IAM policy of the caller; or a grant that was made from the caller's own account, which speaks for both. The operation must work across accounts"
        }
        Relation::OtherPartition => "nobody can",
        Relation::Service => "the key policy or a grant; IAM policies have no say",
        Relation::Retiring => {
            "the grant, where it names the caller for that; or an IAM policy of the account that made it, owns the key or is the retiring principal"
        }
        Relation::IamOnly => "an IAM policy of the caller",
    }
}

/// What an allow in that form still needs.
const fn beside(form: PrincipalForm) -> &'static str {
    match form {
        PrincipalForm::Account => "an IAM policy, within boundary and session policies",
        PrincipalForm::Role | PrincipalForm::ParentUser => "no IAM policy; boundary and session policies limit it",
        PrincipalForm::Everyone
        | PrincipalForm::User
        | PrincipalForm::RoleSession
        | PrincipalForm::FederatedUser
        | PrincipalForm::Service => "nothing",
    }
}

pub fn grants(coverage: &Coverage) -> String {
    let checks = GRANT_CHECKS.map(|check| {
        let outcomes = [Match::Yes, Match::No, Match::Depends].map(|held| Point::GrantCheck(grant_check(check), held));
        let counts = outcomes.map(|point| count(coverage, [point]));
        let name = link(grant_check(check), explain::check_page(check));
        let text = [name, asks(check).into()].into_iter().chain(counts);
        text.chain([standing(coverage, outcomes)]).collect()
    });
    let grantees = FORMS.into_iter().filter(|form| out_of_reach(&Point::Grantee(*form)).is_none());
    let grantees = grantees.map(|form| vec![explain::form(form).into(), standing(coverage, [Point::Grantee(form)])]);
    format!(
        "## Grants\n\n\
         A grant allows or is silent; it never denies. It allows if it passes every check. *Failed* and *open* count \
         scenarios in which that check alone kept a grant from allowing, or left it open. Which operations grants can \
         allow stands under operations; what AWS leaves open about grants, under assumptions.\n\n{}\n\
         A grant that allowed named as its grantee, or as whoever may retire it:\n\n{}",
        table(&["Check", "What it asks", "Passed", "Failed", "Open", "Scenarios"], checks),
        table(&["Principal", "Scenarios"], grantees),
    )
}

const fn asks(check: GrantCheck) -> &'static str {
    match check {
        GrantCheck::Operations => "the grant lists the operation",
        GrantCheck::Grantee => "the caller, its role or its account is the grantee",
        GrantCheck::RetiringPrincipal => {
            "to retire it: the caller is the retiring principal, or the grantee of a grant that lists `RetireGrant`"
        }
        GrantCheck::EncryptionContext => {
            "the encryption context equals or contains that of the constraint, where the operation has one"
        }
        GrantCheck::SourceArn => "the request is made on behalf of that resource",
        GrantCheck::Chain => "a grant made through it has no operation more, and constraints as strict or stricter",
        GrantCheck::Effective => {
            "it is not deleted, and older than five minutes or named by its token; in the minutes after either, it is open"
        }
    }
}
