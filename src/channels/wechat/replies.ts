/** What administrators hear on another network when the account on WeChat has to log in again. */
export const needsLogin = (code: string) =>
  `微信号掉线了，小格在微信群里听不见也说不出。请用这个微信号的手机扫码登录，二维码在电脑屏幕上；屏幕上看不到的，把下面这行做成二维码再扫：\n${code}`
