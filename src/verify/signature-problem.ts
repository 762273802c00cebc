/** Why a request is not what it should be. For the receiver's log; the sender should only be told "refused". */
export type SignatureProblem =
  | 'missing-header' // a header that carries the signature, its id or its time is not there, or is empty
  | 'duplicate-header' // one of them came twice
  | 'bad-id' // `webhook-id` has characters that no event id has
  | 'bad-timestamp' // `webhook-timestamp` is not whole seconds since the Unix epoch
  | 'timestamp-too-old' // the request was signed too long ago: it was held up, sent again, or a clock is wrong
  | 'timestamp-too-new' // the request was signed in the future: a clock is wrong
  | 'too-many-signatures' // more than 32 in one header
  | 'no-match' // no signature was made with one of the secrets over this id, time and body
