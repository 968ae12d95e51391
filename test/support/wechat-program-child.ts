/** The whole program on a gateway to WeChat, in a process of its own, to be killed. */
import { startAssistant } from '../../src/cli/start.ts'
import { systemClock } from '../../src/clock.ts'
import { parseConfig } from '../../src/config.ts'

const [url = '', endpoint = '', dataDirectory = '', token = ''] = process.argv.slice(2)
const settings = { WECHATY_PUPPET_SERVICE_TOKEN: token, WECHATY_PUPPET_SERVICE_ENDPOINT: endpoint }
const config = parseConfig({ DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'error', ...settings })
const running = await startAssistant({ ...config, dataDirectory }, { demo: false, clock: systemClock })
process.send?.({ type: 'ready', url: running.url })
