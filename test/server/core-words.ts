/** What the core calls its methods and the lists that they take; an answer of the API speaks of neither. */
export const coreWords =
  /\bevents\[|\brawJson\b|\b(?:register|update|remove|pause|resume|rotate|publish|submit|get|list)(?:Endpoint|Events?|EventStatus|Each|Secret)\b/
