// What a page gains with a script: passwords can be shown, and their rules are ticked off while one types. Nothing needs it.
"use strict";
for (const input of document.querySelectorAll(".revealing > input")) {
  const button = document.createElement("button");
  const say = (state) => {
    button.textContent = input.dataset[state];
    button.setAttribute("aria-label", input.dataset[state + "Label"]);
  };
  button.type = "button";
  button.className = "reveal";
  button.setAttribute("aria-controls", input.id);
  say("show");
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    say(shown ? "hide" : "show");
  });
  // A password is not left readable in what the browser keeps of the form.
  if (input.form) input.form.addEventListener("submit", () => (input.type = "password"));
  input.after(button);
}
const rules = {
  length: (text, count) => [...text].length >= count,
  upper: (text) => /[A-Z]/.test(text),
  lower: (text) => /[a-z]/.test(text),
  number: (text) => /[0-9]/.test(text),
  symbol: (text) => /[\^$*.\[\]{}()?"!@#%&/\\,><':;|_~`=+-]/.test(text) || /\S .*\S/.test(text),
};
const chosen = document.getElementById("newPassword");
if (chosen) {
  chosen.addEventListener("input", () => {
    for (const item of document.querySelectorAll("[data-rule]")) {
      const kept = rules[item.dataset.rule](chosen.value, Number(item.dataset.count));
      item.classList.toggle("passwordCheck-valid-customizable", kept);
      item.classList.toggle("passwordCheck-notValid-customizable", !kept && chosen.value !== "");
    }
  });
}
