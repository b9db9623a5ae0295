use super::*;

const CALLER: &str = r#"{
    "UserId": "AROAEXAMPLEAPP0000001:i-0abc",
    "Account": "111122223333",
    "Arn": "arn:aws:sts::111122223333:assumed-role/App/i-0abc"
}"#;

const LOOSE_POLICY: &str = r#"{
    "Version": "2012-10-17",
    "Statement": [{ "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*" }]
}"#;

/// A text of the user's: an example with another title.
fn own_text() -> String {
    examples::text(1).replacen("\"title\": \"", "\"title\": \"Mine: ", 1)
}

fn opened_with(text: &str) -> Rc<State> {
    Rc::new(State::new(Some(text), Vec::new(), Theme::System))
}

fn beside(text: &str) -> Paste {
    Paste::beside(text.to_owned())
}

fn after(state: Rc<State>, actions: impl IntoIterator<Item = Action>) -> Rc<State> {
    actions.into_iter().fold(state, |state, action| state.reduce(action))
}

fn back(state: &State) -> Option<&'static str> {
    state.notice.as_ref()?.back.as_ref().map(|back| back.label)
}

#[test]
fn the_first_visit_begins_with_the_first_example() {
    let state = State::new(None, Vec::new(), Theme::System);
    assert_eq!(state.document.text(), examples::text(0));
    assert!(state.sound.is_some());
    assert!(!state.is_stale());
}

#[test]
fn every_example_is_sound() {
    for example in examples::EXAMPLES {
        let document = Document::read(example.text);
        assert!(document.is_sound(), "{}: {:?}", example.label, document.problems());
        assert!(!document.rulings().is_empty(), "{}", example.label);
        assert!(!document.is_own());
    }
}

#[test]
fn half_typed_text_leaves_the_last_verdict_standing() {
    let broken = own_text().replacen('}', "", 1);
    let state = after(opened_with(&own_text()), [Action::Typed(broken.clone())]);
    assert_eq!(state.document.text(), broken);
    assert!(state.document.errors() > 0);
    assert!(state.is_stale());
    assert_eq!(state.sound.as_ref().unwrap().text(), own_text());

    let state = after(state, [Action::Typed(own_text() + "\n")]);
    assert!(!state.is_stale());
    assert_eq!(state.sound.as_ref().unwrap().text(), own_text() + "\n");
}

#[test]
fn an_example_leaves_the_users_text_one_click_away() {
    let state = after(opened_with(&own_text()), [Action::OpenExample(3)]);
    assert_eq!(state.document.text(), examples::text(3));
    assert_eq!(back(&state), Some("Back to my text"));
    assert_eq!(state.kept.len(), 1);

    let state = after(state, [Action::GoBack]);
    assert_eq!(state.document.text(), own_text());
    assert!(state.kept.is_empty());
}

#[test]
fn what_cannot_be_read_is_kept_too() {
    let state = after(opened_with("{ \"half\": "), [Action::StartEmpty, Action::OpenKept(0)]);
    assert_eq!(state.document.text(), "{ \"half\": ");
    assert!(state.sound.is_none(), "the verdict of another text must not stand beside it");
}

#[test]
fn texts_that_come_with_the_page_are_not_kept() {
    let state =
        after(opened_with(examples::text(0)), [Action::OpenExample(3), Action::StartEmpty, Action::OpenExample(1)]);
    assert!(state.kept.is_empty());
    assert!(state.notice.is_none());
}

#[test]
fn a_changed_example_is_the_users_text() {
    let changed = examples::text(2).replacen("Allow", "Deny", 1);
    let state = after(opened_with(examples::text(2)), [Action::Typed(changed.clone()), Action::OpenExample(2)]);
    assert_eq!(state.kept.first().map(|kept| kept.text()), Some(&*changed));
}

#[test]
fn kept_texts_change_places_with_the_present_one() {
    let (first, second) = (own_text(), own_text().replacen("Mine", "Second", 1));
    let state = after(
        opened_with(&first),
        [Action::StartEmpty, Action::Typed(second.clone()), Action::OpenExample(0), Action::OpenKept(1)],
    );
    assert_eq!(state.document.text(), first);
    assert_eq!(state.kept.iter().map(|kept| kept.text()).collect::<Vec<_>>(), [&*second]);

    let state = after(state, [Action::OpenKept(0)]);
    assert_eq!(state.document.text(), second);
    assert_eq!(state.kept.iter().map(|kept| kept.text()).collect::<Vec<_>>(), [&*first]);
}

#[test]
fn output_that_is_pasted_over_an_example_begins_a_new_scenario() {
    let state = opened_with(examples::text(0));
    assert!(state.takes_from_editor(&beside(CALLER)));
    let state = after(state, [Action::Place(beside(CALLER))]);
    assert!(state.document.text().contains("arn:aws:sts::111122223333:assumed-role/App/i-0abc"));
    assert!(!state.document.text().contains("OrdersService"));
    assert!(state.notice.as_ref().is_some_and(|notice| !notice.sentences.is_empty()));

    let state = after(state, [Action::GoBack]);
    assert_eq!(state.document.text(), examples::text(0));
    assert_eq!(state.kept.len(), 1, "what was placed can be had back");
}

#[test]
fn output_is_placed_in_the_users_scenario_and_can_be_taken_out() {
    let state = after(opened_with(&own_text()), [Action::Place(beside(CALLER))]);
    assert!(state.document.text().contains("i-0abc"));
    assert!(state.document.text().contains("KeyAdmin"), "what was there before stays");
    assert_eq!(back(&state), Some("Undo"));
    assert!(state.selection.is_some_and(|selection| !selection.focus));

    let state = after(state, [Action::GoBack]);
    assert_eq!(state.document.text(), own_text());
}

#[test]
fn a_policy_is_put_where_the_caret_is_unless_there_is_nothing_else() {
    assert!(!opened_with(&own_text()).takes_from_editor(&beside(LOOSE_POLICY)));
    assert!(!opened_with(examples::text(0)).takes_from_editor(&beside(LOOSE_POLICY)));
    assert!(opened_with(EMPTY_WORLD).takes_from_editor(&beside(LOOSE_POLICY)));
    assert!(opened_with("").takes_from_editor(&beside(LOOSE_POLICY)));
}

#[test]
fn a_policy_over_the_whole_text_begins_a_new_scenario() {
    let paste = Paste { text: LOOSE_POLICY.to_owned(), afresh: true };
    let state = opened_with(&own_text());
    assert!(state.takes_from_editor(&paste));
    let state = after(state, [Action::Place(paste)]);
    assert!(!state.document.text().contains("KeyAdmin"));
    assert_eq!(state.kept.first().map(|kept| kept.text()), Some(&*own_text()));
    assert_eq!(after(state, [Action::GoBack]).document.text(), own_text());
}

#[test]
fn output_that_comes_too_early_waits_for_what_it_belongs_to() {
    let policy = r#"{ "Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}", "PolicyName": "default" }"#;
    let key = r#"{ "KeyMetadata": { "Arn": "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" } }"#;
    let state = opened_with(examples::text(0));
    assert!(state.takes_from_editor(&beside(policy)));
    let state = after(state, [Action::Place(beside(policy))]);
    assert_eq!(state.document.text(), EMPTY_WORLD);
    assert_eq!(state.waiting.len(), 1);
    assert!(state.notice.as_ref().is_some_and(|notice| notice.notes.iter().any(|note| note.contains("describe-key"))));

    let state = after(state, [Action::Place(beside(key))]);
    assert!(state.waiting.is_empty());
    assert!(state.document.text().contains("\"Statement\": []"), "{}", state.document.text());
}

#[test]
fn what_is_no_output_is_left_to_the_editor() {
    for text in
        ["", "kms:Decrypt", "\"Effect\": \"Allow\"", "{ \"Effect\": \"Allow\" }", "arn:aws:iam::111122223333:root"]
    {
        assert!(!opened_with(EMPTY_WORLD).takes_from_editor(&beside(text)), "{text}");
    }
}

#[test]
fn a_text_that_is_no_json_takes_nothing_in_and_says_so() {
    let state = opened_with("{ \"keytrace\": 1, ");
    assert!(!state.takes_from_editor(&beside(CALLER)));
    let refusal = state.placement(&beside(CALLER)).unwrap_err();
    assert!(matches!(refusal, Refusal::NoPlace(_)));
    let state = after(state, [Action::Place(beside(CALLER))]);
    assert_eq!(state.document.text(), "{ \"keytrace\": 1, ");
}

#[test]
fn a_place_in_the_verdict_is_found_in_the_text_as_it_is_now() {
    let text = own_text();
    let start = text.find("\"requests\"").unwrap();
    let span = Span::new(start as u32, (start + 10) as u32);
    let typed = text.replacen("\"title\": \"", "\"title\": \"😀 é \" ", 1);
    let state =
        after(opened_with(&text), [Action::ShowPane(Pane::Verdict), Action::Typed(typed), Action::Reveal(span)]);
    assert!(state.is_stale());
    let selection = state.selection.unwrap();
    assert_eq!(selection.span.of(state.document.text()), Some("\"requests\""));
    assert!(selection.focus);
    assert!(state.pane == Pane::Scenario);

    let again = after(Rc::clone(&state), [Action::Reveal(span)]);
    assert_ne!(again.selection, state.selection, "a second click selects again");
}

#[test]
fn formatting_changes_no_value_and_leaves_half_typed_text_alone() {
    let state = after(opened_with("{\"a\":1,\"b\":[\"é\"]}"), [Action::Format]);
    assert_eq!(state.document.text(), "{\n  \"a\": 1,\n  \"b\": [\"é\"]\n}\n");
    let state = after(opened_with("{\"a\":"), [Action::Format]);
    assert_eq!(state.document.text(), "{\"a\":");
}

#[test]
fn line_ends_are_those_of_the_editor() {
    assert_eq!(Document::read("{\r\n}\r").text(), "{\n}\n");
}

#[test]
fn only_texts_from_elsewhere_are_put_into_the_editor() {
    let state = opened_with(&own_text());
    let typed = after(Rc::clone(&state), [Action::Typed(own_text() + " ")]);
    assert_eq!(typed.revision, state.revision);
    for action in [Action::OpenExample(1), Action::StartEmpty, Action::Format, Action::Place(beside(CALLER))] {
        assert_ne!(after(Rc::clone(&state), [action]).revision, state.revision);
    }
}
