/**
 * `fatal: Authentication failed for 'URL'` in a language Git speaks, by its shape: such a line carries nothing but
 * one quoted URL. Git's catalogues (2.39) have three messages of that shape; the words below tell them apart.
 */

const QUOTED =
  /['"`‘’‚“”„«»‹›「」『』\uFFFD] ?(https?:\/\/[^\s'"`‘’“”„«»‹›「」『』\uFFFD]{1,1024}) ?['"`‘’“”„«»‹›「」『』\uFFFD]/;
const OTHER_QUOTE = /["`‘‚“”„«»‹›「」『』\uFFFD]|(?<!\p{L})['’]|['’](?!\p{L})/u;

/** How `fatal: ` begins, translated. A word that is not ASCII is taken for one we do not know. */
const FATAL = /^(?:fatal|schwerwiegend|onulmaz|[^\s:：]{0,20}[^\x00-\x7f][^:：]{0,30}) ?[:：]/i;
/** `error: `, translated: Git says it when a push failed for whatever reason, never for a refused sign-in alone. */
const ERROR =
  /^(?:error|fehler|erreur|errore|erro|fel|hata|galat|kesalahan|błąd|грешка|ошибка|помилка|lỗi|错误|錯誤|エラー|오류|σφάλμα) ?[:：]/i;
/** "Sign-in" in the languages of Git's catalogues: enough where the beginning of the line was not pasted. */
const SIGN_IN =
  /auth?[eé]nti|autent|uwierzyteln|kimlik doğrula|認証|鉴权|认证|身份|驗證|인증|идентифика|аутентифика|автентифік|xác thực|πιστοπο/i;
/** "Some references", "push": the end of every failed push. */
const PUSHED =
  /referen[czstj]|référence|\brefs?\b|ссылк|посилан|указател|引用|参照|參照|레퍼런스|참조|tham chiếu|başvuru|\bpush\b/i;
/** "Not found". */
const NOT_FOUND =
  /nicht gefunden|non trouvé|no encontrado|non trovato|inexistente|não encontrado|hittades inte|bulunamadı|nie znaleziono|не найден|не знайден|липсва|không tìm thấy|tidak ditemukan|no s'ha trobat|未找到|見つかりません|찾을 수 없/i;

export interface Translated {
  id: "token-refused" | "repository-not-accessible";
  at: number;
  url: string;
}

/** What a translated line says; null where it is not of that shape. Never certain: a shape is not a sentence. */
export function readTranslated(line: string): Translated | null {
  if (line.length > 1500 || !line.includes("://")) return null;
  const found = QUOTED.exec(line);
  const url = found?.[1];
  if (!found || !url) return null;
  const before = line.slice(0, found.index);
  const after = line.slice(found.index + found[0].length);
  // Text of curl's after a colon, a second quotation, a second URL, a list: another message.
  if (/^\s{0,3}[:：,]|:\/\//.test(after) || OTHER_QUOTE.test(before + after) || /\d{3}/.test(before + after))
    return null;
  const words = before.replace(FATAL, "") + after;
  if (!/\p{L}{2}/u.test(words) || words.length > 120) return null;
  if (ERROR.test(before) || PUSHED.test(words)) return null;
  if (!FATAL.test(before) && !SIGN_IN.test(words)) return null;
  return { id: NOT_FOUND.test(words) ? "repository-not-accessible" : "token-refused", at: found.index, url };
}
