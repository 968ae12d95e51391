import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'

/** The frame of every page. */
export function Document(props: { title: string; script?: string; children?: Child }) {
  return (
    <>
      {raw('<!doctype html>')}
      <html lang="zh-CN">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{props.title}</title>
          <link rel="icon" href="/icon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/style.css" />
          {props.script && <script src={props.script} type="module"></script>}
        </head>
        <body>{props.children}</body>
      </html>
    </>
  )
}
