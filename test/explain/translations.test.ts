import { describe, expect, test } from "bun:test";
import { readTranscript } from "../../src/probes/transcript.ts";

/** As in Git's catalogues (2.39 and later): refused, not found, cannot be reached, push failed. `%s` is the URL. */
const LANGUAGES: Readonly<
  Record<string, { refused: string; missing: string; access: string; pushed: string }>
> = {
  de: {
    refused: "Schwerwiegend: Authentifizierung fehlgeschlagen für '%s'",
    missing: "Schwerwiegend: Repository '%s' nicht gefunden",
    access: "Schwerwiegend: konnte nicht auf '%s' zugreifen: ",
    pushed: "Fehler: Fehler beim Versenden einiger Referenzen nach '%s'",
  },
  fr: {
    refused: "fatal : Échec d'authentification pour '%s'",
    missing: "fatal : dépôt '%s' non trouvé",
    access: "fatal : impossible d'accéder à '%s' : ",
    pushed: "error: impossible de pousser des références vers '%s'",
  },
  "fr, quoted": {
    refused: "fatal : Échec d’authentification pour « %s »",
    missing: "fatal : dépôt « %s » non trouvé",
    access: "fatal : impossible d’accéder à « %s » : ",
    pushed: "erreur : impossible de pousser des références vers « %s »",
  },
  es: {
    refused: "fatal: Autenticación falló para '%s'",
    missing: "fatal: repositorio '%s' no encontrado",
    access: "fatal: no es posible acceder a '%s': ",
    pushed: "error: falló el empuje de algunas referencias a '%s'",
  },
  ca: {
    refused: "fatal: S'ha produït un error en autenticar per «%s»",
    missing: "fatal: no s'ha trobat el repositori «%s»",
    access: "fatal: no s'ha pogut accedir a «%s»: ",
    pushed: "error: s'ha produït un error en pujar algunes referències a «%s»",
  },
  it: {
    refused: "fatal: Autenticazione non riuscita per '%s'",
    missing: "fatal: repository '%s' non trovato",
    access: "fatal: impossibile accedere a '%s': ",
    pushed: "error: push di alcuni riferimenti su '%s' non riuscito",
  },
  pt: {
    refused: "fatal: Autenticação falhou para '%s'",
    missing: "fatal: repositório '%s' inexistente",
    access: "fatal: incapaz aceder '%s': ",
    pushed: "error: falha ao atirar algumas refs para '%s'",
  },
  pl: {
    refused: "fatal: Uwierzytelnienie nie powiodło się dla „%s”",
    missing: "fatal: nie znaleziono repozytorium „%s”",
    access: "fatal: brak dostępu do „%s”: ",
    pushed: "error: nie można wypchnąć niektórych referencji do „%s”",
  },
  ru: {
    refused: "fatal: Ошибка аутентификации для «%s»",
    missing: "fatal: репозиторий «%s» не найден",
    access: "fatal: «%s» недоступно: ",
    pushed: "error: не удалось отправить некоторые ссылки в «%s»",
  },
  bg: {
    refused: "фатална грешка: Неуспешна идентификация към „%s“",
    missing: "фатална грешка: хранилището „%s“ липсва",
    access: "фатална грешка: няма достъп до „%s“: ",
    pushed: "грешка: част от указателите не бяха изтласкани към „%s“",
  },
  sv: {
    refused: 'ödesdigert: Autentisering misslyckades "%s"',
    missing: 'ödesdigert: arkivet "%s" hittades inte',
    access: 'ödesdigert: kan inte komma åt "%s": ',
    pushed: 'fel: misslyckades sända vissa referenser till "%s"',
  },
  tr: {
    refused: "onulmaz: '%s' için kimlik doğrulaması başarısız",
    missing: "onulmaz: '%s' deposu bulunamadı",
    access: "onulmaz: '%s' erişilemiyor: ",
    pushed: "hata: bazı başvurular '%s' konumuna itilemedi",
  },
  vi: {
    refused: "fatal: Xác thực gặp lỗi cho “%s”",
    missing: "fatal: không tìm thấy kho “%s”",
    access: "fatal: không thể truy cập “%s”: ",
    pushed: "error: gặp lỗi khi đẩy tới một số tham chiếu đến “%s”",
  },
  id: {
    refused: "fatal: Autentikasi gagal untuk '%s'",
    missing: "fatal: repositori '%s' tidak ditemukan",
    access: "fatal: tidak dapat mengakses '%s': ",
    pushed: "error: gagal dorong beberapa referensi ke '%s'",
  },
  ja: {
    refused: "fatal: 「%s」の認証に失敗しました",
    missing: "fatal: リポジトリ「%s」が見つかりません",
    access: "fatal: '%s' にアクセスできません: ",
    pushed: "error: '%s' へのいくつかの参照のプッシュに失敗しました",
  },
  zh_CN: {
    refused: "致命错误：'%s' 鉴权失败",
    missing: "致命错误：仓库 '%s' 未找到",
    access: "致命错误：无法访问 '%s'：",
    pushed: "错误：无法推送一些引用到 '%s'",
  },
  zh_TW: {
    refused: "致命錯誤: 「%s」身份驗證失敗",
    missing: "致命錯誤: 版本庫 '%s' 未找到",
    access: "致命錯誤: 無法存取 '%s'：",
    pushed: "錯誤: 推送一些引用到 '%s' 失敗",
  },
};

const OURS = "https://bitbucket.org/yourteam/yourrepo.git/";
const THEIRS = "https://git.example.com/yourteam/yourrepo.git/";

function says(text: string): string[] {
  return readTranscript(text).said.map(({ id, confidence }) => `${id} ${confidence}`);
}

for (const [language, { refused, missing, access, pushed }] of Object.entries(LANGUAGES))
  describe(language, () => {
    test("refused", () => {
      expect(says(refused.replace("%s", OURS))).toEqual(["token-refused possible"]);
    });

    test("refused, and the server said why", () => {
      const why = "remote: App passwords are deprecated and must be replaced with API tokens.";
      expect(says(`${why}\n${refused.replace("%s", OURS)}`)).toEqual(["app-password-sent certain"]);
    });

    test("refused by another host", () => {
      expect(readTranscript(refused.replace("%s", THEIRS))).toEqual({ said: [], host: "other", ours: false });
    });

    test("not found", () => {
      expect(says(missing.replace("%s", OURS))).toEqual(["repository-not-accessible possible"]);
    });

    test("cannot be accessed: the status is not translated", () => {
      expect(says(`${access.replace("%s", OURS)}The requested URL returned error: 410`)).toEqual([
        "app-password-sent likely",
      ]);
    });

    test("a failed push alone says nothing about sign-in", () => {
      expect(says(pushed.replace("%s", OURS))).toEqual([]);
    });
  });

test("half of the line was pasted", () => {
  expect(says(`Authentifizierung fehlgeschlagen für '${OURS}'`)).toEqual(["token-refused possible"]);
  expect(says(`'${OURS}' 鉴权失败`)).toEqual(["token-refused possible"]);
});

test("quotation marks lost by a wrong encoding", () => {
  expect(says(`fatal: Xác thực gặp lỗi cho \ufffd${OURS}\ufffd`)).toEqual(["token-refused possible"]);
});

test("translated advice keeps its command", () => {
  const text = `Schwerwiegend: dubiose Besitzverhältnisse im Repository bei '/srv/site' entdeckt
Um eine Ausnahme für dieses Verzeichnis hinzuzufügen, rufen Sie auf:

	git config --global --add safe.directory /srv/site`;
  expect(says(text)).toEqual(["repository-owner-differs likely"]);
});
