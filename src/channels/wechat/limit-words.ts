/** What WeChat says, as a notice or as an error, to an account that does too much. */
export const TOO_MUCH =
  /操作过于频繁|操作太频繁|发送消息过于频繁|发送过于频繁|请求过于频繁|稍后再试|too frequent|rate.?limit/i

/** What a gateway says where a message can never be sent. */
export const REFUSED =
  /不是(你|您|对方)?的?(好友|朋友)|好友验证|拒收|不在群|已被移出|已解散|不存在|(not|isn't|no longer) (in|a member|a friend|friends?)|not found|no such|no payload found|does not exist|forbidden|kicked|dismissed/i

/** What a gateway says while nobody is logged in. */
export const LOGGED_OUT = /not logged in|no login|logged out|offline|未登录|已退出|离线/i
