"""Runs one handler against the Lambda Runtime API, as Lambda's own runtime does:
python runtime.py put.py"""

import http.client
import importlib.util
import json
import os
import sys

spec = importlib.util.spec_from_file_location("function", sys.argv[1])
function = importlib.util.module_from_spec(spec)
spec.loader.exec_module(function)

api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
path = "/2018-06-01/runtime/invocation/"
while True:
    api.request("GET", path + "next")
    event = api.getresponse()
    request = event.headers["Lambda-Runtime-Aws-Request-Id"]
    answer = function.handler(json.loads(event.read()), None)
    body = json.dumps(answer, ensure_ascii=False, default=str).encode()
    api.request("POST", path + request + "/response", body)
    api.getresponse().read()
