"""MOCKLLM=path/to/mockllm pytest examples/pytest"""

import openai
import pytest


@pytest.fixture
def client(mock):
    return openai.OpenAI(
        api_key="mock-key",
        base_url=f"{mock.url}/v1",
        default_headers=mock.headers,
    )


def ask(client, question, **more):
    return client.chat.completions.create(
        model="gpt-4o",
        messages=[
            {"role": "system", "content": "You are a patient gardener."},
            {"role": "user", "content": question},
        ],
        **more,
    )


def test_a_question_goes_out_with_our_instructions(mock, client):
    mock.use({"when": {"prompt": "*roses*"}, "reply": "In March."})
    answer = ask(client, "When do I cut roses?").choices[0].message.content
    assert answer == "In March."
    mock.verify(when={"system": "*gardener*", "model": "gpt-4o"}, exactly=1)


def test_the_stop_button_stops_the_request(mock, client):
    mock.use({"reply": "Cut them in early spring.", "pace": {"itl": "100ms"}})
    pieces = []
    with ask(client, "When?", stream=True) as stream:
        for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                pieces.append(chunk.choices[0].delta.content)
            if len(pieces) == 3:
                break
    assert pieces == ["Cut", " them", " in"]
    mock.eventually(ended="client_left")


def test_a_busy_api_is_asked_again(mock, client):
    busy = {"error": {"status": 429, "retry_after": "1ms"}}
    mock.use({"replies": [busy, "In March."]})
    answer = ask(client, "When?").choices[0].message.content
    assert answer == "In March."
    mock.verify(when={"prompt": "When?"}, exactly=2)
    assert [each["status"] for each in mock.requests()] == [429, 200]


def test_what_is_wrong_is_said(mock, client):
    ask(client, "When do I cut roses?")
    with pytest.raises(AssertionError, match="Nearest is request"):
        mock.verify(when={"prompt": "*tulips*"})
