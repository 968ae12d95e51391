import { Document } from './document.tsx'
import { replies } from './replies.ts'
import type { Explained } from './web.tsx'

/** Why a message was or was not taken. The page's script puts it into a dialog. */
export function Explanation(props: Explained) {
  return (
    <div class="explanation">
      <h2 id="why-title">{props.title}</h2>
      {props.lines.length > 0 && (
        <dl>
          {props.lines.map(({ label, text }) => (
            <>
              <dt>{label}</dt>
              <dd>{text}</dd>
            </>
          ))}
        </dl>
      )}
    </div>
  )
}

/** The same as a page, for who has no script. */
export function ExplanationPage(props: Explained) {
  return (
    <Document title={replies.whyTitle}>
      <main class="plain">
        <Explanation {...props} />
        <p>
          <a href="/">{replies.back}</a>
        </p>
      </main>
    </Document>
  )
}

/** The empty dialog in which explanations are shown. */
export function ExplanationDialog() {
  return (
    <dialog id="why" aria-labelledby="why-title">
      <div data-explanation></div>
      <button type="button" class="primary" data-close>
        {replies.close}
      </button>
    </dialog>
  )
}
