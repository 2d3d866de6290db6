import {test,expect} from "bun:test";
import { Session, CTRL_C, ENTER } from "/work/main/test/terminal/session.ts";
import { withEmulator, CHECKOUT } from "/work/main/test/sandbox.ts";
test("x", async () => {
  await using box = await withEmulator();
  await box.git(["init","-q","site"]);
  box.write(".gitconfig","[credential]\n\thelper = store\n");
  box.write(".git-credentials", box.urlWith("ana","app-password").replace("/acme/site.git","")+"\n",0o600);
  await box.git(["remote","add","origin","https://ana@bitbucket.org/acme/site.git"],{cwd:"site"});
  const s = new Session(box, ["git","rekey"]);
  await s.answer("Show the plan", "y"+ENTER);
  await s.answer("Carry out", "y"+ENTER);
  await s.answer("Paste the token", box.emulator.secret("api-token")+ENTER);
  const e = await s.ended();
  console.log(e.screen, e.code, e.restored);
}, 30000);
