import { Type } from 'typebox'

/** The body of every answer that is an error. */
export const ErrorBody = Type.Object(
  {
    error: Type.Object({
      code: Type.String({ description: 'Stable, for programs: `ENDPOINT_NOT_FOUND`.' }),
      message: Type.String({ description: 'For people; it may change.' }),
      fields: Type.Optional(
        Type.Array(
          Type.Object({
            path: Type.String({ description: 'A JSON pointer: `/retry/maxAttempts`.' }),
            message: Type.String(),
            in: Type.Optional(
              Type.Union([Type.Literal('path'), Type.Literal('query'), Type.Literal('header')], {
                description: 'Where the pointer points into, if not the body.',
              }),
            ),
          }),
          { description: 'What is wrong with the request, field by field.' },
        ),
      ),
      requestId: Type.String({
        description: 'By which the server knows the request; also in the header X-Request-Id.',
      }),
    }),
  },
  { $id: 'Error' },
)
