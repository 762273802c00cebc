/**
 * Signatures that hookline did not make. The first of each kind is published (Standard Webhooks' reference libraries,
 * Svix's README); the others were computed with Python's `hmac` and `cryptography`.
 */
export const eventId = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
export const timestampSeconds = 1614265330
export const body = '{"test": 2432232314}'
export const utf8Body = '{"t":"😀é日本"}'

export const hmacSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
export const hmacEntry = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
export const hmacEmptyBodyEntry = 'v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A='
export const hmacUtf8BodyEntry = 'v1,EYtX4gRNrkKvPDpnz7+I+WYxNn3AimNL0c6xywRUVZ4='

export const privateSecret =
  'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=='
export const seedSecret = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc='
export const publicSecret = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4='
export const ed25519Entry =
  'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=='
export const ed25519Utf8BodyEntry =
  'v1a,juwlIL6mN6XqYGFFrRiHh+XLSmYczkoo40GXoD5kp4a1Xk59YGGXCHIw88cfnQ5tFehhAtBifcDFEsix2GtaCQ=='

export const plainSecret = 'it is a secret'
export const plainEntry = 'v1,p1vtlscqUhicm8Djsoc7zULH+bGA7AkvILxV/RPRNlE='
/** HMAC of {@link utf8Body} with the secret `schlüssel`. */
export const utf8BodyHex = '86329c2af363411fc0e4c6355cabed13db07d4e23d87f1aa3381d8aafc56ac29'
/** HMACs of {@link utf8Body}, of the empty body and of `evt_V1StGXR8_Z5jdHi6B-myT.42` with {@link plainSecret}. */
export const utf8BodyBase64 = 'iTXSmmDyKkO75QcMUoWEjDXM8DEsuYcDOe5oFKl5vUw='
export const emptyBodyHex = 'b0d6c752806cb7994283caf817d6e802fda148628cec6558c7a2b509ca0ca982'
export const sequenceHex = 'cfc274ee7c0dd283ef6532f0a7e61d807311d9a004513ce5114c11a03581eddd'
/** HMAC of {@link body} with the characters of {@link hmacSecret}, not with its decoded bytes. */
export const hmacSecretAsTextHex = '80ec8a89ce3cd22133a1066caecb4d04fea7467657c8514d717ec42c38a5c94c'
/** The bytes 0 to 63, the longest symmetric key; and 0 to 22, one too short to be one, so its characters are the key. */
export const longestHmacSecret =
  'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=='
export const longestHmacEntry = 'v1,LZ5zuwHTqQH3VM8ERUusjzVQq1FXzemvpR8Mk7Ivp5c='
export const tooShortHmacSecret = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY='
export const tooShortHmacEntry = 'v1,F8l1gSNBLng4lcLUkY3PagxGoi2AkyIVVpKxY6ljI1o='
