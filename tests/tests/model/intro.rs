//! What no data says: how to read the page, what is not modelled.

use std::collections::BTreeMap;

use keytrace::scenario::Standing;
use keytrace_tests::coverage::{Coverage, out_of_reach as why_out_of_reach, required};

use crate::markdown::table;

pub fn opening(coverage: &Coverage) -> String {
    let standing = |standing| coverage.scenarios.iter().filter(|scenario| scenario.standing == standing).count();
    let rows = [
        ("documented", "a page of AWS's says so", standing(Standing::Documented)),
        ("observed", "seen in reports of real calls, on no page", standing(Standing::Observed)),
        (
            "inferred",
            "follows from what is documented, or rests on an assumption that it names",
            standing(Standing::Inferred),
        ),
    ];
    let rows = rows.map(|(word, meaning, count)| vec![word.into(), meaning.into(), count.to_string()]);
    let points = required();
    let beyond = points.iter().filter(|point| why_out_of_reach(point).is_some()).count();
    format!(
        "# What Keytrace models\n\n\
         This page is written by a test (`UPDATE_MODEL=1 cargo test -p keytrace-tests --test model`) from the tables that \
         the engine runs on and from its answers to the scenarios under [`tests/scenarios/`](../tests/scenarios/). The \
         test fails when page, tables and scenarios disagree, so the page cannot drift from them.\n\n\
         A scenario is a file with principals, keys and requests, what each request must come to and on what grounds, \
         the page of AWS's that settles it, and how sure its author was. The expectations were written from AWS's \
         documentation, not from the engine. {} scenarios are answered:\n\n{}\n\
         {} more are there to be refused, each at a place and for a reason that it names. `cargo test -p keytrace-tests \
         --test scenarios` runs them all; `SCENARIO=key-state/encrypt` before it chooses some.\n\n\
         Another test (`--test coverage`) holds {} points of the model, rows and cells of the tables below, against \
         the scenarios and fails on any that none reaches. {beyond} are out of reach, for reasons that stand at the end.\n",
        coverage.scenarios.len(),
        table(&["Standing", "What it means", "Scenarios"], rows),
        coverage.refused,
        points.len(),
    )
}

pub fn not_modelled() -> String {
    "## What is not modelled\n\n\
     - **Who can become whom.** Trust policies, `sts:AssumeRole` and identity providers are out of sight: a scenario \
     says who calls, with which session.\n\
     - **Cryptography of a scenario's requests.** Ciphertexts, signatures, MACs and key material in them are not looked \
     into: AWS's nobody can open. A request that KMS would refuse because a ciphertext belongs to another key or another \
     encryption context counts as done. A world that lives (`core/src/service/`) encrypts, signs and refuses for real; \
     there `DeriveSharedSecret`, `Encapsulate`, `Decapsulate`, `GenerateDataKeyPair`, ML-DSA, SM2 and RSA wrapping with \
     AES are authorized and checked, and then said not to be modelled. What an attestation document says is unknown \
     unless it is given.\n\
     - **Quotas and throttling**, but for the number of aliases of a key. Sizes of policies are not counted.\n\
     - **What is not in the file.** A caller that the scenario does not hold is refused with a sentence. An unknown token \
     in `GrantTokens` is passed over.\n\
     - **Custom key stores** themselves: the state of a CloudHSM cluster or external proxy, and their errors. Operations \
     on key stores are decided by IAM policies alone.\n\
     - **The second key policy of AWS RAM** (`AWS_RAM`), of which AWS does not document how it combines with the first.\n\
     - **Delays**, but for those of grants. Changes to policies, aliases, tags and states count at once.\n\
     - **AWS owned keys**, which have no policy that a customer sees.\n\
     - **Failures of the service**: `KeyUnavailableException`, `DependencyTimeoutException`, `KMSInternalException`.\n\
     - **Other services' policies**: what S3, EC2 or any other service demands before it calls KMS for somebody.\n\n\
     Where two errors of an authorized request could both come, AWS does not document which does; the order here is key \
     state, usage and type of the key, algorithm, parameters, dry run, what is there already, and last the lockout safety \
     check of key policies.\n"
        .into()
}

pub fn out_of_reach() -> String {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for point in required() {
        if let Some(why) = why_out_of_reach(&point) {
            reasons.entry(why).or_default().push(point.to_string());
        }
    }
    let rows = reasons.into_iter().map(|(why, points)| vec![points.join("; "), why.into()]);
    format!(
        "## What no scenario can reach\n\n\
         Points that the tables have and no request can show; a scenario that reached one would fail the test.\n\n{}",
        table(&["Point", "Why"], rows)
    )
}
