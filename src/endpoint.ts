/** Services in mainland China that speak OpenAI's protocol: what villagers say may be sent there and stays in the country. */
const MAINLAND: readonly string[] = [
  'api.deepseek.com',
  'dashscope.aliyuncs.com',
  'api.moonshot.cn',
  'open.bigmodel.cn',
  'qianfan.baidubce.com',
  'api.hunyuan.cloud.tencent.com',
  'ark.cn-beijing.volces.com',
  'api.siliconflow.cn',
]

export type Whereabouts = 'this computer' | 'private network' | 'mainland' | 'elsewhere'

/** Whether only this computer can reach an address. `[::1]` is how a URL writes `::1`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/**
 * Where the server of a URL stands, as far as its name says. Only addresses of RFC 1918 and RFC 4193 and link-local ones
 * count as private; a name does not, whatever it may resolve to.
 */
export function whereaboutsOf(url: URL): Whereabouts {
  const host = url.hostname.replace(/\.$/, '')
  if (isLoopback(host)) return 'this computer'
  if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)[\d.]+$/.test(host)) return 'private network'
  if (/^\[(f[cd][\da-f]{2}|fe[89ab][\da-f]):/.test(host)) return 'private network'
  return MAINLAND.includes(host) ? 'mainland' : 'elsewhere'
}
