/** The page around the viewer's script: nothing but where to find it. */
export const pageShell = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>hookline</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/viewer.css">
    <link rel="stylesheet" href="/charts.css">
    <script type="module" src="/viewer.js"></script>
  </head>
  <body>
    <noscript>The viewer needs JavaScript.</noscript>
  </body>
</html>
`

export const pageIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="8" fill="#1d5fd1"/>
  <path d="M7 10h11a5.5 5.5 0 0 1 0 11h-5" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/>
  <path d="M15 16.5 10.5 21l4.5 4.5" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
`
