/** What a scenario comes to. */
export interface Outcome {
  /** What is wrong or doubtful, in the order of the text. */
  problems: Problem[];
  /** One for each request; none if a problem is an error. */
  answers: Answer[];
}

/** Something wrong or doubtful in a scenario's text. */
export interface Problem {
  code: string;
  /** An error keeps the scenario from being decided, a warning does not. */
  severity: "error" | "warning";
  /** The JSON pointer to its place. */
  pointer: string;
  span: Span;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  message: string;
}

/** A part of the scenario's text, counted in bytes of UTF-8. */
export interface Span {
  start: number;
  end: number;
}

/** `Undetermined`: it depends on what nobody knows. */
export type Decision = "Allowed" | "ExplicitDeny" | "ImplicitDeny" | "Undetermined";

/** What becomes of a request. */
export interface Answer {
  /** Whether it is authorized. */
  decision: Decision;
  /** What the caller gets instead of an answer. An authorized request may end in one too, such as `DisabledException`. */
  error: KmsError | null;
  /** Every permission that the operation takes. */
  authorizations: Authorization[];
  /** The position of the one that settles the request: `decision` is its decision. */
  deciding: number;
  /** What AWS does not document and the verdict rests on. `explanation` has the sentences, in the same order. */
  assumptions: Assumption[];
  /** All of it in words. */
  explanation: Explanation;
  /** What the scenario's `expect` wanted otherwise; null if it expects nothing. */
  mismatches: Mismatch[] | null;
}

/** An error of KMS. */
export interface KmsError {
  /** AWS's name, such as `AccessDeniedException`. */
  name: string;
  message: string;
}

/** One permission that an operation takes, decided. */
export interface Authorization {
  /** As policies write it: `kms:ReEncryptTo`. */
  action: string;
  /** The ARN of the key or alias; `*` where there is none. */
  resource: string;
  decision: Decision;
}

/** A switch under `assumptions` of a scenario. */
export interface Assumption {
  name: string;
  /** How it stands. */
  reading: boolean | string;
  /** The reading with which the verdict would be another. */
  other: boolean | string;
}

/** A decision in words. What stands in backticks is the scenario's own text, or AWS's. */
export interface Explanation {
  /** The request in a sentence. */
  question: string;
  /** The decision in a word or two. */
  verdict: string;
  /** The decision in a sentence. */
  summary: string;
  /** The message of the error; null if there is none. */
  awsMessage: string | null;
  /** All that stands in the way, all that carried it, or all that it hangs on. */
  reasons: Reason[];
  /** The whole evaluation. */
  tree: TraceNode[];
  /** The request context of the permission that settles the request. */
  context: ContextLine[];
  /** What AWS does not document and the verdict rests on. */
  assumptions: Reason[];
  /** What would decide an undetermined verdict, whatever else is unknown: what allows first, then what denies. */
  wouldDecide: Reason[];
}

/** A sentence with its evidence. */
export interface Reason {
  text: string;
  /** The place that it speaks of. */
  span: Span | null;
  /** The page of AWS's documentation. */
  page: string;
  /** Whether AWS's own message names this one. */
  reported: boolean;
}

/** A step of the evaluation, with the steps inside. */
export interface TraceNode {
  /** `authorization` only where an operation takes several permissions. */
  kind: "authorization" | "policyType" | "policy" | "statement" | "element" | "value";
  sign: "allows" | "denies" | "silent" | "matches" | "doesNotMatch" | "depends" | "notApplicable";
  title: string;
  /** Why it came out so; empty where the title says it all. */
  detail: string;
  span: Span | null;
  page: string | null;
  children: TraceNode[];
}

/** A key of the request context. */
export interface ContextLine {
  key: string;
  /** Its values; `absent` or `unknown` without one. */
  value: string;
  /** Where it comes from. */
  origin: string;
  /** Whether a policy of the scenario asks for it. */
  asked: boolean;
}

/** An expectation that was not met. */
export interface Mismatch {
  what: string;
  expected: string;
  found: string;
}

/** A paste that was put where it belongs. */
export interface Imported {
  /** The scenario's text. */
  text: string;
  /** What was done, a sentence each. */
  summary: string[];
  /** What had to be assumed or is still missing, a sentence each. */
  notes: string[];
}

/** What became of a call to a living `Kms`. */
export interface Call {
  /** What is wrong or doubtful in the request, with positions in its text. */
  problems: Problem[];
  /** `null` if a problem is an error: nothing was asked then. */
  reply: Reply | null;
}

/** What KMS answers with. */
export interface Reply {
  /** Only what is done changes the world. `notModelled`: it is authorized, and KMS would do it. */
  outcome: "done" | "refused" | "undetermined" | "notModelled";
  /** What the `aws` command prints, where it is done. */
  result: Record<string, unknown> | null;
  /** What the caller gets, where it is refused. */
  error: KmsError | null;
  /** What the person who debugs wants to know, and the caller does not learn; or what is not modelled. */
  cause: string | null;
  /** What CloudTrail records of it, one for each account that sees it. */
  records: Record<string, unknown>[];
  /** How it was authorized. */
  answer: Answer;
  /** The call as a scenario: the world as it was, and this one request. Positions in `answer` are positions in it. */
  scenario: string;
}

/** Something that KMS does by itself as time goes by. */
export interface ServiceEvent {
  name: "RotateKey" | "DeleteKey" | "DeleteExpiredKeyMaterial";
  /** The ARN of the key. */
  key: string;
  /** ISO 8601. */
  time: string;
  /** What CloudTrail records of it. */
  record: Record<string, unknown>;
}

/** The pairs that a ciphertext is bound to, compared exactly: case counts, order does not. They are no secret. */
export type EncryptionContext = Record<string, string>;

/** How data of any size are sealed. A property that is not listed here is an error. */
export interface SealOptions {
  /** 32 bytes: the `Plaintext` that `GenerateDataKey` returns for `AES_256`. Yours is left as it is: wipe it. */
  dataKey: Uint8Array;
  /** The same data key, encrypted by everybody who shall be able to open the message: 1 to 64. */
  encryptedDataKeys: EncryptedDataKey[];
  /** The one that the data key was encrypted with. None if left out. */
  encryptionContext?: EncryptionContext;
  /** The plaintext that is sealed at once and that an opener keeps in memory, in bytes: 4096 if left out. */
  frameLength?: number;
}

/** A data key that somebody encrypted, as a message carries it. `encryptedByKms` makes one. */
export interface EncryptedDataKey {
  /** Who: `aws-kms`, or the namespace of a raw key. */
  keyProviderId: string;
  /** With which key: its ARN in UTF-8, or what a raw key needs to be used again. */
  keyProviderInfo: Uint8Array;
  /** What `Decrypt` takes as `CiphertextBlob`. */
  ciphertext: Uint8Array;
}

/** What a message says of itself in clear. */
export interface EnvelopeHeader {
  encryptionContext: EncryptionContext;
  /** The data key, each time encrypted by somebody else. */
  encryptedDataKeys: EncryptedDataKey[];
  /** Bytes of plaintext in a frame. */
  frameLength: number;
}

/** Who can do what with the keys of a scenario. */
export interface WhoCan {
  /** What is wrong or doubtful in the scenario. */
  problems: Problem[];
  /** `null` if a problem is an error. */
  matrix: Matrix | null;
}

/** Everybody against every permission. */
export interface Matrix {
  /** Who is asked for. */
  subjects: Subject[];
  /** The permissions on a key, such as `kms:Decrypt`: the columns of every row. */
  permissions: string[];
  keys: KeyMatrix[];
}

/** Somebody who may have a permission. */
export interface Subject {
  /**
   * `listed`: a user or role of the scenario. `named`: one that a policy or grant names and the scenario does not list.
   * `anyoneElseIn`: anyone else in an account. `anyoneElsewhere`: anyone in an account that no policy names.
   * `service`: a service that calls for itself.
   */
  kind: "listed" | "named" | "anyoneElseIn" | "anyoneElsewhere" | "service";
  /** An ARN, an account, the name of a service, or nothing. */
  name: string;
}

/** One key. */
export interface KeyMatrix {
  arn: string;
  rows: MatrixRow[];
}

/** Subjects with the same permissions, on the same conditions. */
export interface MatrixRow {
  /** Their positions in `subjects`. */
  subjects: number[];
  /** A cell for each of `permissions`. */
  cells: MatrixCell[];
}

/** Whether somebody has a permission. */
export interface MatrixCell {
  /** `allowed` and `denied` hold whatever the request carries. */
  verdict: "allowed" | "denied" | "depends";
  /** What it depends on. */
  condition: MatrixCondition | null;
}

/** What a cell depends on. */
export interface MatrixCondition {
  /** What would allow, each for itself; smaller ones first. */
  allowing: Way[];
  /** What would deny, each for itself; smaller ones first. */
  denying: Way[];
  /** Whether these are all. */
  complete: boolean;
}

/** What together would decide, whatever else there is. */
export interface Way {
  /** An IAM policy of the subject allows it, which nobody told. */
  identityPolicy: boolean;
  /** Condition keys with their values; `null`: the key is not there. */
  context: Record<string, string[] | null>;
}
