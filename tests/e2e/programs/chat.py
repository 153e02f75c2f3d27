# A Python program as people write them: the address and the key come from the environment.
import json
import os
import sys
import urllib.request

request = urllib.request.Request(
    os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages",
    data=json.dumps({
        "model": "claude-sonnet-4-5",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": sys.argv[1]}],
    }).encode(),
    headers={
        "content-type": "application/json",
        "anthropic-version": "2023-06-01",
        "x-api-key": os.environ["ANTHROPIC_API_KEY"],
    },
)
with urllib.request.urlopen(request) as response:
    print(json.load(response)["content"][0]["text"])
