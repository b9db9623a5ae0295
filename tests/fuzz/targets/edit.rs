//! Any bytes as a JSON text, and behind NULs a value and a pointer: printing keeps the value, and an edit
//! changes what the pointer leads to and nothing else.

#![no_main]

use keytrace::json::{
    Kind, MAX_DEPTH, Source, Value,
    edit::{self, EditError},
    print,
};
use keytrace_fuzz::{
    bounds::READING,
    seeds, sound, text, texts,
    tree::{bare, children, every, named, without_place},
};
use keytrace_tests::File;
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: seeds::write_if_asked(seeds),
    |bytes: &[u8]| {
        let input = text(bytes);
        let [text, new, pointer] = texts(&input);
        let quoted = edit::read(&print::quoted(text)).expect("what is quoted is JSON");
        assert_eq!(quoted.as_str(), Some(text));

        let root = match READING.hold(text.len(), || edit::read(text)) {
            Ok(root) => root,
            Err(EditError::NotJson(problem)) => return sound::problems(&[problem], text),
            Err(other) => panic!("{other}"),
        };
        places(&root, text);
        every(&root, &mut |value| embedded(value, text));
        let printed = print::pretty(&root, "  ", "\t");
        let reread = edit::read(&printed).expect("what is printed is JSON");
        assert_eq!(bare(&reread), bare(&root));
        assert_eq!(print::pretty(&reread, "  ", "\t"), printed);

        if let Ok(new) = edit::read(new) {
            edited(text, &root, pointer, &new);
        }
    }
);

/// A text for each way to edit: replace, add to an object, add to an array, make what is missing.
fn seeds(files: &[File]) -> Vec<Vec<u8>> {
    let edits = [
        ("/keys/0/Policy", r#"{"Statement": []}"#),
        ("/keys/-", "{}"),
        ("/requests/0/context/aws:SourceIp", r#""203.0.113.9""#),
        ("/new/-/a~1b/~0", "[1.50, null]"),
        ("/keytrace", "true"),
        ("", "0"),
        ("/title/x", "1"),
    ];
    let seed = |(file, (pointer, new)): (&File, &(&str, &str))| format!("{}\0{new}\0{pointer}", file.text).into_bytes();
    files.iter().zip(edits.iter().cycle()).map(seed).collect()
}

/// Every value stands inside the one around it, behind the one before it, and says there what it is.
fn places(value: &Value, text: &str) {
    sound::span(value.span, text);
    let mut from = value.span.start;
    for child in children(value) {
        assert!(from < child.span.start && child.span.end < value.span.end, "{:?} in {:?}", child.span, value.span);
        from = child.span.end - 1;
        places(child, text);
    }
    if children(value).is_empty() {
        let alone = edit::read(value.span.of(text).unwrap_or_default()).expect("a value is JSON by itself");
        assert_eq!(bare(&alone), bare(value));
    }
}

/// Every character of a document inside a string stands somewhere in that string, in the same order.
fn embedded(value: &Value, text: &str) {
    if value.as_str().is_none() {
        return;
    }
    let source = Source::embedded(text, value.span);
    let mut before = value.span.start + 1;
    for index in 0..=source.text().len() {
        let offset = source.offset(index);
        assert!(before <= offset && offset < value.span.end && text.is_char_boundary(offset as usize));
        before = offset;
    }
}

fn edited(text: &str, root: &Value, pointer: &str, new: &Value) {
    let steps: Vec<String> =
        pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    if steps.len() > MAX_DEPTH / 2 {
        return;
    }
    let (Ok(edited), Some(expected)) = (edit::set(text, pointer, new), with(root, &steps, new)) else {
        assert!(edit::set(text, pointer, new).is_err() && with(root, &steps, new).is_none(), "one takes it");
        return;
    };
    let after = match edit::read(&edited.text) {
        Ok(after) => after,
        // Deeper than is read now: two texts, each of which was not.
        Err(EditError::NotJson(problem)) if problem.code == keytrace::problem::Code::TooDeep => return,
        Err(other) => panic!("{other}"),
    };
    assert_eq!(bare(&after), expected);
    sound::span(edited.span, &edited.text);
    let replaced = at(root, &steps).map(|old| old.span);
    every(root, &mut |value| {
        // Of what is replaced nothing is left.
        if replaced.is_some_and(|old| old.start <= value.span.start && value.span.end <= old.end) {
            return;
        }
        // What the edit did not touch says the same in another place; what is around the edit grew with it.
        let moved = edited.moved(value.span);
        sound::span(moved, &edited.text);
        if moved.of(&edited.text) != value.span.of(text) {
            let new = edited.span;
            assert!(moved.start <= new.start && new.end <= moved.end, "{new:?} was put, {moved:?} changed");
        }
    });
}

/// What stands at the end of a way.
fn at<'v>(value: &'v Value, steps: &[String]) -> Option<&'v Value> {
    steps.iter().try_fold(value, |value, step| match &value.kind {
        Kind::Array(elements) => elements.get(step.parse::<usize>().ok()?),
        _ => value.get(step),
    })
}

/// What setting a value means, written down without any text: `None` if there is no such place.
fn with(value: &Value, steps: &[String], new: &Value) -> Option<Value> {
    let [step, rest @ ..] = steps else { return Some(bare(new)) };
    let mut value = bare(value);
    match &mut value.kind {
        Kind::Object(members) => match members.iter_mut().find(|member| *member.name == **step) {
            Some(member) => member.value = with(&member.value, rest, new)?,
            None => members.push(named(step, made(rest, new))),
        },
        Kind::Array(elements) if step == "-" => elements.push(made(rest, new)),
        Kind::Array(elements) => {
            let element = elements.get_mut(step.parse::<usize>().ok()?)?;
            *element = with(element, rest, new)?;
        }
        _ => return None,
    }
    Some(value)
}

/// The value with what is missing on the way to it.
fn made(steps: &[String], new: &Value) -> Value {
    match steps {
        [] => bare(new),
        [step, rest @ ..] if step == "-" => without_place(Kind::Array(vec![made(rest, new)])),
        [step, rest @ ..] => without_place(Kind::Object(vec![named(step, made(rest, new))])),
    }
}
