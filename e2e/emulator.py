#!/usr/bin/env python3
"""An AWS emulator that a stack can be deployed to: moto, with what it lacks for that.

usage: e2e/emulator.py COMMAND…     runs the command against an emulator of its own, and ends as it does
       e2e/emulator.py --port 5555  serves until it is stopped

Needs `pip install -r e2e/requirements.txt`. It knows no `/_emulator/`, runs no functions and serves no models, so the stories that
ask for these are skipped. A command that finds AWS_ENDPOINT_URL set is run against that emulator, and none is started.
"""
import argparse
import json
import logging
import os
import subprocess
import sys

import moto.apigateway.models as gateway
import moto.awslambda.models as lambdas
import moto.sagemaker.models as sagemaker
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.budgets.responses import BudgetsResponse
from moto.cloudwatch.models import Alarm
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult
from moto.sagemaker.responses import SageMakerResponse
from moto.server import ThreadedMotoServer
from moto.stepfunctions.responses import StepFunctionResponse


def instance_types():
    """moto's list of instance types ends before ml.g5."""
    sagemaker.FakeEndpointConfig.validate_instance_type = lambda self, instance_type: None


def absent_fields():
    """AWS leaves out what was not given, where moto answers null or an empty object: the provider would see a change."""
    given = sagemaker.BaseObject.gen_response_object

    def response_object(self):
        return {name: value for name, value in given(self).items() if value not in (None, {}, [], [None])}

    config, model = sagemaker.FakeEndpointConfig, sagemaker.Model
    config.response_object = property(lambda self: {**response_object(self), "EndpointConfigArn": self.endpoint_config_arn})
    init = model.__init__

    def without_network(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.vpc_config = self.vpc_config or None

    model.__init__ = without_network


def endpoints():
    """UpdateEndpoint is missing, and CreateEndpoint insists on a data capture."""

    def created(self, endpoint_name, endpoint_config_name, tags):
        variants = self.describe_endpoint_config(endpoint_config_name)["ProductionVariants"]
        endpoint = sagemaker.FakeEndpoint(
            self.account_id, self.region_name, endpoint_name, endpoint_config_name, variants, None, tags)
        self.endpoints[endpoint_name] = endpoint
        return endpoint

    def updated(self):
        backend = self.sagemaker_backend
        backend.describe_endpoint(self._get_param("EndpointName"))
        endpoint = backend.endpoints[self._get_param("EndpointName")]
        endpoint.endpoint_config_name = self._get_param("EndpointConfigName")
        variants = backend.describe_endpoint_config(endpoint.endpoint_config_name)["ProductionVariants"]
        endpoint.production_variants = endpoint._process_production_variants(variants)
        return ActionResult({"EndpointArn": endpoint.arn})

    sagemaker.SageMakerModelBackend.create_endpoint = created
    SageMakerResponse.update_endpoint = updated


def kept():
    """What a Model is kept from, and how an Endpoint is to change, is forgotten."""

    def keep(operation, remember):
        answer = getattr(SageMakerResponse, operation)

        def answered(self):
            said = answer(self)
            remember(self.sagemaker_backend, self._get_param)
            return said

        setattr(SageMakerResponse, operation, answered)

    def isolation(backend, given):
        backend._models[given("ModelName")].enable_network_isolation = given("EnableNetworkIsolation", False)

    def deployment(backend, given):
        backend.endpoints[given("EndpointName")].last_deployment_config = given("DeploymentConfig")

    keep("create_model", isolation)
    keep("create_endpoint", deployment)
    keep("update_endpoint", deployment)


def documents():
    """In an OpenAPI document AWS takes an integration's type in lower case, and a mock has neither address nor method."""
    put = gateway.APIGatewayBackend.put_rest_api

    def put_rest_api(self, function_id, api_doc, *args, **kwargs):
        for methods in api_doc["paths"].values():
            for method in methods.values():
                integration = method.get("x-amazon-apigateway-integration") if isinstance(method, dict) else None
                if integration:
                    integration.update(type=integration["type"].upper())
                    integration.setdefault("uri", "")
                    integration.setdefault("httpMethod", "POST")
        return put(self, function_id, api_doc, *args, **kwargs)

    gateway.APIGatewayBackend.put_rest_api = put_rest_api


def functions():
    """A function is not run: whoever calls it, as a deployment does the meter's registration, is answered with nothing."""
    lambdas.LambdaFunction._invoke_lambda = lambda self, event=None: ("{}", False, "")


def state_machines():
    """A definition is looked at before it is deployed, and versions are asked for: neither is in moto."""
    StepFunctionResponse.validate_state_machine_definition = lambda self: (
        200, {}, json.dumps({"result": "OK", "diagnostics": [], "truncated": False}))
    StepFunctionResponse.list_state_machine_versions = lambda self: (200, {}, json.dumps({"stateMachineVersions": []}))


def scaling():
    """What a scalable target is tagged with is forgotten, and can't be asked for."""
    tagged = {}
    register = ApplicationAutoScalingResponse.register_scalable_target

    def registered(self):
        answer = register(self)
        # An update names no tags, and takes none away.
        tagged.setdefault(json.loads(answer)["ScalableTargetARN"], self._get_param("Tags"))
        return answer

    ApplicationAutoScalingResponse.register_scalable_target = registered
    ApplicationAutoScalingResponse.list_tags_for_resource = lambda self: json.dumps(
        {"Tags": tagged.get(self._get_param("ResourceARN")) or {}})


def watching():
    """A composite alarm can't be made; a budget can't be changed, or asked for whom it tells and what it is tagged with."""
    Alarm.alarm_rule = property(lambda self: self.rule)
    CloudWatchResponse.put_composite_alarm = CloudWatchResponse.put_metric_alarm
    tagged = {}
    create = BudgetsResponse.create_budget

    def named(self, name):
        return self.backend.budgets[self._get_param("AccountId")][name]

    def created(self):
        tagged[self._get_param("Budget")["BudgetName"]] = self._get_param("ResourceTags")
        return create(self)

    def updated(self):
        budget = self._get_param("NewBudget")
        named(self, budget["BudgetName"]).budget.update(budget)
        return "{}"

    def told(self):
        asked = self._get_param("Notification").items()
        notifications = named(self, self._get_param("BudgetName")).notifications
        return json.dumps({"Subscribers": [who for each in notifications if asked <= each.details.items() for who in each.subscribers]})

    BudgetsResponse.create_budget = created
    BudgetsResponse.update_budget = updated
    BudgetsResponse.describe_subscribers_for_notification = told
    BudgetsResponse.list_tags_for_resource = lambda self: json.dumps(
        {"ResourceTags": tagged.get(self._get_param("ResourceARN").split("budget/")[1]) or []})


def usage_plans():
    """moto keeps a plan's changed numbers as the texts that they are sent as."""
    patch = gateway.UsagePlan.apply_patch_operations

    def apply_patch_operations(self, patch_operations):
        patch(self, patch_operations)
        for operation in patch_operations:
            if operation["op"] == "replace" and operation["path"].startswith(("/quota/limit", "/quota/offset")):
                self.quota[operation["path"].rsplit("/", 1)[1]] = int(operation["value"])
            if operation["op"] == "replace" and operation["path"] == "/throttle/rateLimit":
                self.throttle["rateLimit"] = float(operation["value"])

    gateway.UsagePlan.apply_patch_operations = apply_patch_operations


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    if asked.command and os.environ.get("AWS_ENDPOINT_URL"):
        sys.exit(subprocess.call(asked.command))
    for gap in (instance_types, absent_fields, endpoints, kept, documents, functions, state_machines, scaling, watching, usage_plans):
        gap()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=asked.port, verbose=False)
    server.start()
    url = "http://%s:%d" % server.get_host_and_port()
    if asked.command:
        sys.exit(subprocess.call(asked.command, env={**os.environ, "AWS_ENDPOINT_URL": url}))
    print("AWS_ENDPOINT_URL=" + url, flush=True)
    server._thread.join()


main()
