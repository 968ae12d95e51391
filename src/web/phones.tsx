import { MINUTE, wallTime } from '../clock.ts'
import type { Attachment } from '../message.ts'
import type { Shown } from './conversation.ts'
import type { DemoPerson, Phone, Place, View } from './demo-village.ts'
import { Document } from './document.tsx'
import { ExplanationDialog } from './explanation.tsx'
import type { PlayState } from './play.ts'
import { replies, timeText } from './replies.ts'

/** A silence after which the time is written between two messages. */
const SILENCE = 5 * MINUTE

/** How many colours the style sheet has for people's signs. */
const COLOURS = 8

export interface PhoneState {
  phone: Phone
  people: DemoPerson[]
  /** Whose phone it is; undefined only in a village without people. */
  owner: DemoPerson | undefined
  view: View
  place: Place | null
  timezone: string
  messages: Shown[]
}

export interface Status {
  now: Date
  timezone: string
  play: PlayState | null
}

export function PhonesPage(props: { village: string; status: Status; phones: PhoneState[]; logout: boolean }) {
  return (
    <Document title={replies.pageTitle(props.village)} script="/client.js">
      <a class="skip" href="#phones">
        {replies.skip}
      </a>
      <header class="top">
        <div class="heading">
          <h1>{replies.heading(props.village)}</h1>
          <p>{replies.intro}</p>
        </div>
        <StatusBar {...props.status} />
        {props.logout && (
          <form method="post" action="/logout">
            <button type="submit">{replies.logout}</button>
          </form>
        )}
      </header>
      <p id="trouble" class="trouble" role="status" data-offline={replies.errors.offline} hidden></p>
      <nav class="tabs">
        {props.phones.map(({ phone }) => (
          <a href={`#${phone}`} data-tab={phone}>
            {replies.tabs[phone]}
            <span class="dot" hidden>
              <span class="out-of-sight">{replies.unread}</span>
            </span>
          </a>
        ))}
      </nav>
      <main id="phones" class="phones">
        {props.phones.map((state) => (
          <PhoneFrame {...state} />
        ))}
      </main>
      <ExplanationDialog />
    </Document>
  )
}

/** The village's time, and what moves it. */
export function StatusBar(props: Status) {
  const { play } = props
  return (
    <div id="status" class="status" data-owner={play?.owner}>
      <p class="clock">
        <span>{replies.villageTime}</span>
        <time datetime={props.now.toISOString()}>{timeText(wallTime(props.now, props.timezone))}</time>
      </p>
      <div class="controls">
        <form method="post" action="/demo/jump">
          <button type="submit" name="by" value="hour" disabled={play !== null}>
            {replies.hour}
          </button>
          <button type="submit" name="by" value="day" disabled={play !== null}>
            {replies.day}
          </button>
        </form>
        <form method="post" action={play ? '/demo/stop' : '/demo/play'}>
          <button type="submit" class="primary">
            {play ? replies.stop : replies.play}
          </button>
        </form>
      </div>
      {play && (
        <p class="scene" role="status">
          <progress value={play.done} max={play.total} aria-label={replies.playing(play.done, play.total)}></progress>
          {play.scene === '' ? replies.starting : play.scene}
        </p>
      )}
    </div>
  )
}

function PhoneFrame(props: PhoneState) {
  const { phone, owner } = props
  const title = replies.phones[phone]
  return (
    <section id={phone} class="phone" data-phone={phone} aria-labelledby={`${phone}-title`}>
      <header>
        <h2 id={`${phone}-title`}>{title}</h2>
        <form class="chooser" method="get" action="/">
          <label for={`${phone}-person`}>{replies.chooser[phone]}</label>
          <select id={`${phone}-person`} name={phone}>
            {props.people.map((person) => (
              <option value={person.id} selected={person.id === owner?.id}>
                {personLabel(person)}
              </option>
            ))}
          </select>
          {phone === 'own' && (
            <fieldset>
              <legend class="out-of-sight">{replies.viewsLabel}</legend>
              {(['direct', 'party'] as const).map((view) => (
                <label>
                  <input type="radio" name="view" value={view} checked={view === props.view} />
                  <span>{replies.views[view]}</span>
                </label>
              ))}
            </fieldset>
          )}
          <noscript>
            <button type="submit">{replies.show}</button>
          </noscript>
        </form>
      </header>
      <div class="log" role="log" tabindex={0} aria-label={replies.log(title)}>
        <MessageList {...props} />
      </div>
      <Composer {...props} title={title} />
    </section>
  )
}

function personLabel(person: DemoPerson): string {
  const role = replies.roles[person.role] ?? person.role
  const parts = [...(person.group ? [replies.group(person.group)] : []), role, ...(person.duty ? [replies.duty] : [])]
  return replies.label(person.name, parts.join(' '))
}

function Composer(props: PhoneState & { title: string }) {
  const { phone } = props
  return (
    <form class="composer" method="post" action="/demo/say" enctype="multipart/form-data">
      <input type="hidden" name="phone" value={phone} />
      <input type="hidden" name="person" value={props.owner?.id ?? ''} />
      <input type="hidden" name="view" value={props.view} />
      <input type="hidden" name="quote" value="" />
      <input type="hidden" name="message" value="" />
      <p class="error" role="alert" hidden></p>
      <div class="bar" hidden>
        <b data-quoting={replies.quoting} data-editing={replies.editing}></b>
        <span></span>
        <button type="button" data-do="cancel">
          {replies.cancel}
        </button>
      </div>
      <div class="bar chosen" hidden>
        <span></span>
        <button type="button" data-do="drop-photo">
          {replies.removePhoto}
        </button>
      </div>
      <div class="row">
        <label class="out-of-sight" for={`${phone}-text`}>
          {replies.inputLabel(props.title)}
        </label>
        <textarea id={`${phone}-text`} name="text" rows={1} placeholder={replies.input}></textarea>
        <label class="photo">
          <input type="file" name="photo" accept="image/jpeg,image/png,image/gif,image/webp" />
          <span>{replies.photo}</span>
        </label>
        <button type="submit" class="primary" data-send={replies.send} data-save={replies.save}>
          {replies.send}
        </button>
      </div>
    </form>
  )
}

/** The messages of one phone. The page's script fetches this anew whenever something was said there. */
export function MessageList(props: PhoneState) {
  const roles = new Map(props.people.map((person) => [person.id, person.role]))
  return (
    <ol class="messages" data-conversation={props.place?.conversation}>
      {props.messages.length === 0 && <li class="empty">{emptyText(props)}</li>}
      {props.messages.map((message, i) => {
        const before = props.messages[i - 1]
        const silence = !before || Math.abs(message.at.getTime() - before.at.getTime()) > SILENCE
        return (
          <>
            {silence && (
              <li class="time" id={`${props.phone}-${message.key}-time`}>
                <time datetime={message.at.toISOString()}>{timeText(wallTime(message.at, props.timezone))}</time>
              </li>
            )}
            <Message
              {...message}
              why={whyUrl(props, message.messageId ?? '')}
              phone={props.phone}
              own={message.senderId !== null && message.senderId === props.owner?.id}
              role={roles.get(message.senderId ?? '')}
            />
          </>
        )
      })}
    </ol>
  )
}

function whyUrl({ phone, owner, view }: PhoneState, message: string): string {
  const query = new URLSearchParams({ phone, person: owner?.id ?? '', view, message })
  return `/demo/why?${query.toString()}`
}

function emptyText(props: PhoneState): string {
  if (!props.place) return replies.errors.noRoom
  if (props.phone !== 'own') return replies.empty[props.phone]
  return props.view === 'party' ? replies.emptyParty : replies.emptyDirect(props.owner?.name ?? '')
}

function Message(props: Shown & { phone: Phone; why: string; own: boolean; role: string | undefined }) {
  const id = `${props.phone}-${props.key}`
  const isBot = props.senderId === null
  const sender = isBot ? replies.assistant : props.senderName
  if (props.recalled) {
    return (
      <li class="recalled" id={id}>
        {replies.recalled(sender)}
      </li>
    )
  }
  const kind = props.kind ? replies.kinds[props.kind] : ''
  const role = props.role === undefined || props.role === 'villager' ? '' : (replies.roles[props.role] ?? '')
  return (
    <li
      class={['message', props.own ? 'own' : '', isBot ? `bot kind-${props.kind}` : ''].join(' ').trim()}
      id={id}
      data-message={props.messageId}
      data-sender={sender}
      data-text={props.text}
    >
      <span class={`avatar ${isBot ? '' : `colour-${colourOf(sender)}`}`} aria-hidden="true">
        {isBot ? replies.assistantAvatar : [...sender].at(-1)}
      </span>
      <div class="content">
        <p class="sender">
          <b>{sender}</b>
          {role && <span class="role">{role}</span>}
          {kind && <span class="kind">{kind}</span>}
        </p>
        <div class="bubble">
          {props.quote && (
            <blockquote>
              {props.quote.text === null
                ? replies.recalledQuote
                : replies.joinName(props.quote.senderName ?? replies.assistant, props.quote.text)}
            </blockquote>
          )}
          {props.text !== '' && (
            <p class="text">
              <MentioningText text={props.text} mentions={props.mentions} />
            </p>
          )}
          {props.attachments.map((attachment) => (
            <AttachmentView attachment={attachment} sender={sender} />
          ))}
          {props.edited && <span class="edited">{replies.edited}</span>}
        </div>
        {!isBot && (
          <a class="why" href={props.why} aria-label={replies.whyOf(sender)}>
            {replies.why}
          </a>
        )}
        {props.messageId !== null && (
          <div class="actions">
            <button type="button" data-do="quote" aria-label={replies.quoteButton(sender)}>
              {replies.quoting}
            </button>
            {props.own && (
              <details>
                <summary aria-label={replies.more}>{replies.moreSign}</summary>
                <div>
                  <button type="button" data-do="edit">
                    {replies.edit}
                  </button>
                  <button type="button" data-do="recall">
                    {replies.recall}
                  </button>
                </div>
              </details>
            )}
          </div>
        )}
      </div>
    </li>
  )
}

function AttachmentView(props: { attachment: Attachment; sender: string }) {
  const { kind, key, transcript, name } = props.attachment
  if (kind === 'image' && key !== '') {
    const url = `/demo/attachments/${encodeURIComponent(key)}`
    return (
      <a class="thumbnail" href={url} target="_blank" rel="noopener">
        <img src={url} alt={replies.photoAlt(props.sender)} loading="lazy" />
      </a>
    )
  }
  return (
    <p class="file">{`${replies.attachments[kind]} ${transcript ?? (kind === 'file' ? name : null) ?? ''}`.trim()}</p>
  )
}

/** A text with its mentions marked; people whom the text does not name stand before it, as chat networks show them. */
function MentioningText(props: { text: string; mentions: { name: string }[] }) {
  const names = props.mentions.map(({ name }) => replies.mention(name))
  const before = names.filter((name) => !props.text.includes(name))
  const parts = splitAt(props.text, [...names, replies.mention(replies.assistant)])
  return (
    <>
      {before.map((name) => (
        <>
          <span class="mention">{name}</span>{' '}
        </>
      ))}
      {parts.map((part) => (part.marked ? <span class="mention">{part.text}</span> : part.text))}
    </>
  )
}

/** Cuts a text so that each of `words` stands by itself. */
function splitAt(text: string, words: readonly string[]): { text: string; marked: boolean }[] {
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return text
    .split(new RegExp(`(${escaped.join('|')})`))
    .map((part, i) => ({ text: part, marked: i % 2 === 1 }))
    .filter((part) => part.text !== '')
}

function colourOf(name: string): number {
  let sum = 0
  for (const character of name) sum += character.codePointAt(0) ?? 0
  return sum % COLOURS
}
