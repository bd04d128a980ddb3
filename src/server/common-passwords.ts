import { normalPassword } from "~/domain/password";

/**
 * What most guessed passwords are made of: words, names, walks over the keyboard, years and lucky numbers. A list of whole passwords
 * would miss `Password123456!`; taking these parts away and looking at what is left does not.
 */
const PARTS = `
password passwort passwd passw0rd motdepasse contrasena parola senha heslo letmein letmeinnow welcome welcometo changeme changeit
default temporary secret topsecret private access login logon signin guest master superuser administrator admin root system server
manager oracle mysql postgres cisco router test testing tester sample example demo user username account
qwertyuiop qwertyui qwerty qwertz azertyuiop azerty asdfghjkl asdfghjk asdfgh asdfjkl asdf zxcvbnm zxcvbn zxcv qazwsxedcrfv qazwsxedc
qazwsx 1qaz2wsx3edc4rfv 1qaz2wsx3edc 1qaz2wsx 1qazxsw2 zaq12wsx zaq1xsw2 1q2w3e4r5t6y7u8i 1q2w3e4r5t6y 1q2w3e4r5t 1q2w3e4r q1w2e3r4t5y6
q1w2e3r4t5 q1w2e3r4 qweasdzxc qweasd qwaszx 12qwaszx poiuytrewq poiuyt lkjhgfdsa mnbvcxz !@#$%^&*() !@#$%^&* !@#$%^ 1234qwer qwer1234
qwer asdf1234 a1b2c3d4e5 a1b2c3d4 a1s2d3f4 abcdefghijkl abcdefgh abcdefg abcdef abcd1234 abcd abc123 aabbcc xyz
01234567890 0123456789 1234567890 123456789 12345678 1234567 123456 12345 1234 0987654321 9876543210 987654321 87654321 7654321 654321
54321 4321 123123 123321 321321 112233 11223344 1122334455 223344 121212 131313 123654 147258369 147258 159357 159753 741852963 741852
789456123 789456 963852741 258456 321654987 246810 13579 135790 102030 10203040 1029384756 192837465 314159 31415926 271828 112358
5201314 520520 5211314 1314520 1314521 7758521 7758258 584520 5845201314 201314 110119 110120 168168 16888 8888 6666 9999 1111 2222 3333
4444 5555 7777 0000 woaini woaiwojia woaiwoziji woaimama woaibaba woaizhongguo wobuzhidao woshishui wojiushiwo nihao nihaoma zhongguo
beijing shanghai guangzhou shenzhen hangzhou zhimakaimen zhifubao weixin wechat alipay taobao tencent baidu huawei xiaomi mima miyao
zhanghao gongsi caiwu qiye laopo laogong baobei tiantian xiaoxiao
iloveyou iloveu ilove loveyou loveme lovely love forever always princess prince sunshine rainbow flower butterfly angel heaven blessed
jesus christ godisgood bismillah hallelujah faith family mother father mommy daddy brother sister friends friend bestfriend baby babygirl
babyboy sweetheart sweetie honey darling beautiful pretty cutie sexy
football baseball basketball soccer hockey tennis volleyball softball golf liverpool chelsea arsenal barcelona realmadrid juventus
manchester united yankees cowboys steelers raiders lakers eagles packers rangers ronaldo messi jordan kobe champion winner
dragon monkey tigger tiger lion eagle falcon wolf panther bear dolphin elephant kitten puppy chicken bulldog mustang spider phoenix
superman batman spiderman starwars pokemon pikachu naruto minecraft warcraft counterstrike hellokitty harrypotter gandalf matrix
ninja pirate wizard warrior hunter killer shadow slayer destroyer soldier ranger sniper gangster player thunder lightning storm
michael jessica jennifer michelle ashley daniel thomas robert william richard charlie charles george andrew anthony matthew joshua
christopher christian alexander jonathan nicholas benjamin samantha elizabeth stephanie victoria danielle nicole amanda melissa hannah
jasmine rebecca rachel patrick martin edward sebastian gabriel vanessa natalie chris david james peter oliver maria anna
apple banana orange cherry strawberry peanut cookie chocolate coffee pepper ginger sugar cheese pizza icecream cocacola pepsi
purple yellow silver golden black white green blue red summer winter spring autumn january february march april june july august
september october november december monday tuesday wednesday thursday friday saturday sunday
computer internet network windows microsoft google facebook twitter linkedin samsung nokia iphone android linux
mercedes ferrari porsche corvette camaro toyota honda yamaha harley
trustno1 whatever nothing something hello hallo bonjour freedom liberty justice victory success money dollar business company office
america canada mexico london paris berlin england australia india pakistan china japan newyork california texas florida
finance payment yingong fukuan
2015 2016 2017 2018 2019 2020 2021 2022 2023 2024 2025 2026 2027 1980 1981 1982 1983 1984 1985 1986 1987 1988 1989 1990 1991 1992 1993
1994 1995 1996 1997 1998 1999 2000 2001 2002 2003 2008
`
  .trim()
  .split(/\s+/)
  .sort((a, b) => b.length - a.length);

const LOOKALIKES: Record<string, string> = { a: "@4", b: "8", e: "3", i: "1!", l: "1", o: "0", s: "$5", t: "7" };

/** One pattern for all parts, longest first; a letter also stands for the signs that people put in its place. */
const COMMON_PART = new RegExp(
  PARTS.map((part) => [...part].map((sign) => `[\\${sign}${LOOKALIKES[sign] ?? ""}]`.replace(/\\(?=[a-z0-9])/, "")).join("")).join("|"),
  "g",
);

/** What a password needs besides common parts. */
const OWN_CHARACTERS_MIN = 5;

/** Whether guessing starts with passwords like this one: little is left of it once common parts and repetition are gone. */
export function isCommonPassword(text: string): boolean {
  const rest = normalPassword(text)
    .toLowerCase()
    .replaceAll(COMMON_PART, "")
    .replaceAll(/[\s\p{P}]/gu, "");
  return new Set(rest).size < OWN_CHARACTERS_MIN;
}
