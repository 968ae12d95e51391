// The demo page's script: it hears what was said by the event stream, fetches that phone's messages anew and sends the
// forms without leaving the page. It is written by hand rather than with htmx 4, whose event stream needs one DOM event
// name for each conversation or a trigger filter, which is `eval` and forbidden by this page's content policy, and
// misses what is said while the page is in the background. Quoting and editing would have needed a script anyway.

const phones = [...document.querySelectorAll('.phone')]
const trouble = document.getElementById('trouble')
/** The source of each message that stands on the page, to see which ones have changed. */
const drawn = new WeakMap()
for (const item of document.querySelectorAll('.messages > li')) drawn.set(item, item.outerHTML)

const field = (phone, name) => phone.querySelector(`.composer [name="${name}"]`)
const logOf = (phone) => phone.querySelector('.log')
const toEnd = (phone) => {
  logOf(phone).scrollTop = logOf(phone).scrollHeight
}
const isAtEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 80

/** Whoever reads the newest goes on reading it when a photo has loaded or a keyboard opens. */
function stayAtEnd(phone) {
  const log = logOf(phone)
  let following = true
  log.addEventListener('scroll', () => {
    following = isAtEnd(log)
  })
  const sizes = new ResizeObserver(() => {
    if (following) toEnd(phone)
  })
  sizes.observe(log)
  sizes.observe(phone.querySelector('.messages'))
}

// Messages

async function refresh(phone) {
  const query = new URLSearchParams({
    phone: phone.dataset.phone,
    person: field(phone, 'person').value,
    view: field(phone, 'view').value,
  })
  const turn = (phone.turn = (phone.turn ?? 0) + 1)
  const response = await fetch(`/demo/messages?${query}`)
  if (response.status === 401) location.reload()
  if (!response.ok) return
  const frame = document.createElement('template')
  frame.innerHTML = await response.text()
  // A later question may have been answered sooner.
  if (turn === phone.turn) draw(phone, frame.content.firstElementChild)
}

/** Puts only what has changed into the page, so that focus, open menus and loaded photos stay. */
function draw(phone, fresh) {
  const list = phone.querySelector('.messages')
  const log = logOf(phone)
  const follow = isAtEnd(log) || list.dataset.conversation !== fresh.dataset.conversation
  const isNew = list.dataset.conversation === fresh.dataset.conversation
  list.dataset.conversation = fresh.dataset.conversation ?? ''
  let at = list.firstElementChild
  let added = false
  for (const item of [...fresh.children]) {
    const source = item.outerHTML
    const old = item.id ? [...list.children].find((child) => child.id === item.id) : null
    const kept = old && drawn.get(old) === source ? old : item
    if (kept === item) {
      drawn.set(item, source)
      if (old) {
        if (at === old) at = old.nextElementSibling
        old.remove()
      } else if (isNew) {
        item.classList.add('fresh')
        added = true
      }
    }
    if (kept === at) at = at.nextElementSibling
    else list.insertBefore(kept, at)
  }
  while (at) {
    const next = at.nextElementSibling
    at.remove()
    at = next
  }
  if (follow) toEnd(phone)
  if (added && !visible.has(phone)) tabOf(phone).querySelector('.dot').hidden = false
}

async function refreshStatus() {
  const response = await fetch('/demo/status')
  if (!response.ok) return
  const frame = document.createElement('template')
  frame.innerHTML = await response.text()
  const bar = document.getElementById('status')
  const fresh = frame.content.firstElementChild
  if (bar.outerHTML === fresh.outerHTML) return
  if (fresh.dataset.owner && fresh.dataset.owner !== bar.dataset.owner) follow(fresh.dataset.owner)
  const focused = bar.contains(document.activeElement) && document.activeElement
  const place = focused ? [...bar.querySelectorAll('button')].indexOf(focused) : -1
  bar.replaceWith(frame.content)
  document.querySelectorAll('#status button')[place]?.focus()
}

function connect() {
  const events = new EventSource('/demo/events')
  events.addEventListener('open', () => {
    trouble.hidden = true
    // Something may have been said while the line was down.
    for (const phone of phones) refresh(phone)
  })
  events.addEventListener('error', () => {
    trouble.textContent = trouble.dataset.offline
    trouble.hidden = false
    // A browser tries again by itself after a lost line, but not after an answer such as 401 or 502.
    if (events.readyState !== EventSource.CLOSED) return
    setTimeout(async () => {
      const response = await fetch('/demo/status').catch(() => null)
      if (response?.status === 401) location.reload()
      else connect()
    }, 3000)
  })
  events.addEventListener('status', refreshStatus)
  events.addEventListener('said', ({ data }) => {
    for (const phone of phones.filter((each) => each.querySelector('.messages').dataset.conversation === data)) {
      refresh(phone)
      // A sent message is marked as sent only after it has left, so the first look may be too early.
      clearTimeout(phone.later)
      phone.later = setTimeout(refresh, 500, phone)
    }
  })
}

// Whose phone it is

function choose(phone) {
  const select = phone.querySelector('select')
  const view = phone.querySelector('.chooser [name="view"]:checked')
  field(phone, 'person').value = select.value
  if (view) field(phone, 'view').value = view.value
  release(phone)
  return refresh(phone)
}

function keep(phone) {
  const chosen = { person: field(phone, 'person').value, view: field(phone, 'view').value }
  localStorage.setItem(`xiaoge-${phone.dataset.phone}`, JSON.stringify(chosen))
}

/** The demo day shows whoever writes to the assistant alone on the third phone. */
function follow(owner) {
  const phone = phones.at(-1)
  phone.querySelector('select').value = owner
  phone.querySelector('.chooser [value="direct"]').checked = true
  choose(phone)
}

function restore(phone) {
  const kept = JSON.parse(localStorage.getItem(`xiaoge-${phone.dataset.phone}`) ?? 'null')
  const select = phone.querySelector('select')
  if (!kept || ![...select.options].some((option) => option.value === kept.person)) return
  select.value = kept.person
  for (const radio of phone.querySelectorAll('.chooser [name="view"]')) radio.checked = radio.value === kept.view
  choose(phone)
}

// Writing, quoting, editing

/** Lets go of what is quoted or edited. */
function release(phone) {
  const wasEditing = field(phone, 'message').value !== ''
  field(phone, 'quote').value = ''
  field(phone, 'message').value = ''
  phone.querySelector('.composer').setAttribute('action', '/demo/say')
  phone.querySelector('.bar').hidden = true
  const send = phone.querySelector('[data-send]')
  send.textContent = send.dataset.send
  if (wasEditing) field(phone, 'text').value = ''
  grow(field(phone, 'text'))
}

function take(phone, message, what) {
  release(phone)
  field(phone, what === 'edit' ? 'message' : 'quote').value = message.dataset.message
  const bar = phone.querySelector('.bar')
  const label = bar.querySelector('b')
  label.textContent = what === 'edit' ? label.dataset.editing : label.dataset.quoting
  bar.querySelector('span').textContent =
    what === 'edit' ? message.dataset.text : `${message.dataset.sender}：${message.dataset.text}`
  bar.hidden = false
  const text = field(phone, 'text')
  if (what === 'edit') {
    phone.querySelector('.composer').setAttribute('action', '/demo/edit')
    const send = phone.querySelector('[data-send]')
    send.textContent = send.dataset.save
    text.value = message.dataset.text
    grow(text)
  }
  text.focus()
}

function grow(text) {
  text.style.height = 'auto'
  text.style.height = `${text.scrollHeight + 2}px`
}

function dropPhoto(phone) {
  field(phone, 'photo').value = ''
  phone.querySelector('.chosen').hidden = true
}

async function submit(form, body, complain) {
  if (form.getAttribute('aria-busy') === 'true') return false
  form.setAttribute('aria-busy', 'true')
  complain('')
  try {
    const response = await fetch(form.getAttribute('action'), { method: 'POST', body })
    if (response.status === 401) location.reload()
    if (!response.ok) complain(await response.text())
    return response.ok
  } catch {
    complain(trouble.dataset.offline)
    return false
  } finally {
    form.removeAttribute('aria-busy')
  }
}

function complainIn(phone) {
  const error = phone.querySelector('.error')
  return (text) => {
    error.textContent = text
    error.hidden = text === ''
  }
}

async function send(phone) {
  const form = phone.querySelector('.composer')
  if (!(await submit(form, new FormData(form), complainIn(phone)))) return
  field(phone, 'message').value = ''
  field(phone, 'text').value = ''
  dropPhoto(phone)
  release(phone)
  await refresh(phone)
  toEnd(phone)
}

async function recall(phone, message) {
  const form = phone.querySelector('.composer')
  const body = new FormData(form)
  body.set('message', message.dataset.message)
  const request = document.createElement('form')
  request.setAttribute('action', '/demo/recall')
  if (await submit(request, body, complainIn(phone))) await refresh(phone)
}

document.addEventListener('submit', async (event) => {
  const form = event.target
  if (form.getAttribute('action') === '/logout') return
  event.preventDefault()
  if (form.matches('.composer')) return send(form.closest('.phone'))
  if (form.matches('.chooser')) return choose(form.closest('.phone'))
  for (const button of document.querySelectorAll('#status button')) button.setAttribute('aria-disabled', 'true')
  await submit(form, new FormData(form, event.submitter), (text) => {
    trouble.textContent = text
    trouble.hidden = text === ''
  })
  for (const button of document.querySelectorAll('#status button')) button.removeAttribute('aria-disabled')
  return refreshStatus()
})

// Why a message was or was not taken

const explanation = document.getElementById('why')

async function explain(link) {
  const response = await fetch(link.href).catch(() => null)
  if (response?.status === 401) location.reload()
  const body = explanation.querySelector('[data-explanation]')
  if (response?.ok) body.innerHTML = await response.text()
  else body.textContent = response ? await response.text() : trouble.dataset.offline
  explanation.showModal()
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a.why')
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault()
    return explain(link)
  }
  // A click on the dialog itself is one beside its content.
  if (event.target === explanation || event.target.closest('[data-close]')) return explanation.close()
  for (const open of document.querySelectorAll('.actions details[open]')) {
    if (!open.contains(event.target)) open.open = false
  }
  const phone = event.target.closest('.phone')
  const message = event.target.closest('.message')
  const action = event.target.closest('[data-do]')?.dataset.do
  if (!phone) return
  if (action === 'cancel') release(phone)
  else if (action === 'drop-photo') dropPhoto(phone)
  else if (action === 'recall') recall(phone, message)
  else if (action) take(phone, message, action)
  else if (message?.dataset.message && event.target.closest('.bubble') && !event.target.closest('a')) {
    // Marking words to copy them is not tapping.
    if (getSelection()?.isCollapsed !== false) take(phone, message, 'quote')
  }
})

document.addEventListener('change', ({ target }) => {
  const phone = target.closest('.phone')
  if (target.closest('.chooser')) {
    choose(phone)
    keep(phone)
  }
  if (target.type === 'file') {
    const name = target.files[0]?.name
    phone.querySelector('.chosen').hidden = !name
    phone.querySelector('.chosen span').textContent = name ?? ''
    field(phone, 'text').focus()
  }
})

document.addEventListener('input', ({ target }) => {
  if (target.matches('textarea')) grow(target)
})

document.addEventListener('keydown', (event) => {
  const phone = event.target.closest('.phone')
  if (event.key === 'Escape' && phone) release(phone)
  // Enter that ends an input method's composition is not meant for us.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !event.target.matches('textarea')) return
  event.preventDefault()
  send(phone)
})

// Narrow screens show one phone at a time

const visible = new Set(phones)
const tabOf = (phone) => document.querySelector(`[data-tab="${phone.dataset.phone}"]`)
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) visible.add(target)
      else visible.delete(target)
      if (isIntersecting) {
        tabOf(target).setAttribute('aria-current', 'true')
        tabOf(target).querySelector('.dot').hidden = true
      } else tabOf(target).removeAttribute('aria-current')
    }
  },
  { root: document.getElementById('phones'), threshold: 0.6 },
)

for (const phone of phones) {
  observer.observe(phone)
  restore(phone)
  stayAtEnd(phone)
}
connect()
