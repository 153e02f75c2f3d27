// A Node program as people write them: the address and the key come from the environment.
const { OPENAI_BASE_URL, OPENAI_API_KEY } = process.env;
const response = await fetch(`${OPENAI_BASE_URL}/chat/completions`, {
  method: "POST",
  headers: {
    "content-type": "application/json",
    authorization: `Bearer ${OPENAI_API_KEY}`,
  },
  body: JSON.stringify({
    model: "gpt-4o",
    messages: [{ role: "user", content: process.argv[2] }],
  }),
});
const { choices } = await response.json();
console.log(choices[0].message.content);
