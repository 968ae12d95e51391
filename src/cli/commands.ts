import { ConfigError } from '../config.ts'
import { faultOf } from '../logger.ts'
import { type Command, CommandError, type Io, print, UsageError } from './command.ts'

interface Entry {
  name: string
  help: string
  load(): Promise<Command>
}

/** Every command of the program. Its file is loaded only when it is called. */
export const COMMANDS: readonly Entry[] = [
  { name: 'start', help: 'run the assistant', load: () => import('./start.ts') },
  { name: 'understand', help: 'tell what messages are, one JSON line each', load: () => import('./understand.ts') },
  { name: 'replay', help: 'play a stretch of village life', load: () => import('./replay.ts') },
  { name: 'relay', help: 'show what would come of an exported chat', load: () => import('./relay.ts') },
  { name: 'ask', help: 'answer law and policy questions, one JSON line each', load: () => import('./ask.ts') },
  { name: 'laws', help: 'import, list, check what questions are answered from', load: () => import('./laws.ts') },
  { name: 'topics', help: 'count what could not be answered at once, by subject', load: () => import('./topics.ts') },
  { name: 'schedule', help: 'tell when sentences mean, one JSON line each', load: () => import('./schedule.ts') },
  { name: 'campaigns', help: 'list the clean-ups of a year', load: () => import('./campaigns.ts') },
  { name: 'tickets', help: 'list the tickets', load: () => import('./tickets.ts') },
  { name: 'ledger', help: 'write the ledger of Party meetings as .docx or .xlsx', load: () => import('./ledger.ts') },
  { name: 'report', help: "print the figures of a village's year", load: () => import('./report.ts') },
  {
    name: 'village',
    help: 'import, export, check a village; make codes that bind',
    load: () => import('./village.ts'),
  },
  { name: 'why', help: 'tell why a message was or was not taken', load: () => import('./why.ts') },
  { name: 'learn', help: 'learn from what grid workers have said of messages', load: () => import('./learn.ts') },
  { name: 'doctor', help: 'what is configured, what is wrong, what to do', load: () => import('./doctor.ts') },
  {
    name: 'backup',
    help: 'write everything into one file, while the assistant runs',
    load: () => import('./backup.ts'),
  },
  { name: 'restore', help: 'read such a file into a database of either kind', load: () => import('./restore.ts') },
  { name: 'erase', help: 'remove what a person said and gave', load: () => import('./erase.ts') },
]

/** Runs one command line (without the program's name) and resolves to the exit status. */
export async function runCommand(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...args] = argv
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const stream = name === undefined ? io.stderr : io.stdout
    const width = Math.max(...COMMANDS.map((command) => command.name.length))
    print(stream, 'Usage: xiaoge COMMAND [ARGUMENTS]\n')
    for (const { name: entry, help } of COMMANDS) print(stream, `  ${entry.padEnd(width)}  ${help}`)
    print(stream, '\nxiaoge COMMAND --help tells more.')
    return name === undefined ? 2 : 0
  }
  const entry = COMMANDS.find((command) => command.name === name)
  if (!entry) {
    print(io.stderr, `xiaoge: there is no command ${name}. xiaoge --help lists them.`)
    return 2
  }
  const command = await entry.load()
  const end = args.indexOf('--')
  if ((end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h')) {
    print(io.stdout, `Usage: xiaoge ${name} ${command.usage}`)
    return 0
  }
  try {
    return await command.run(args, io)
  } catch (error) {
    if (error instanceof UsageError) {
      print(io.stderr, `xiaoge ${name}: ${error.message}\nUsage: xiaoge ${name} ${command.usage}`)
      return 2
    }
    const message =
      error instanceof CommandError || error instanceof ConfigError ? error.message : faultOf(error).message
    print(io.stderr, `xiaoge ${name}: ${message}`)
    return 1
  }
}
