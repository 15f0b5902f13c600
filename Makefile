# Each target is one line that a person could type. STACK, MODEL, MODEL_URL, PORT, SPEED,
# START_SECONDS, PROMPT, FUNCTIONS, PLAN, CONFIG, VERSIONS, HUB, S3, REVISION, FILE and REGION are read from the environment.
STACK ?= dev
export STACK REGION
# To stderr, so that stdout holds the answer or the plan alone.
BUILD = mvn -q -B -Dmaven.test.skip package >&2
# gRPC's libraries use sun.misc.Unsafe: from JDK 24 on the JVM would warn of it on the terminal, and JDK 17 knows no such option.
QUIET = -XX:+IgnoreUnrecognizedVMOptions --sun-misc-unsafe-memory-access=allow
RUN = $(if $(JAVA_HOME),$(JAVA_HOME)/bin/,)java $(QUIET) -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx160m -jar local/target/local.jar

.PHONY: local try plan lock import stage prices test format workflows e2e golden bench clean

local: ## the API on this machine, until Ctrl-C
	@$(BUILD) && exec $(RUN) local

try: ## one answer: make try PROMPT="What is the capital of France?"
	@$(BUILD) && exec $(RUN) try

plan: ## what would be deployed; PLAN=json for machines
	@$(BUILD) && exec $(RUN) plan

lock: ## what SageMaker's public hub says of the stack's JumpStart models, into parkmeter.lock.json
	@$(BUILD) && exec $(RUN) lock

import: ## the stack file for a configuration of SageMaker Endpoint Manager: make import CONFIG=config/configs.json
	@$(BUILD) && exec $(RUN) import

stage: ## a model of the hub into a bucket: make stage HUB=owner/name S3=s3://bucket/models; REVISION, FILE
	@local/stage.sh

prices: ## what instances cost, from AWS's price list into the program's table: make prices REGION=us-east-1
	@$(BUILD) && exec $(RUN) prices

test: ## all tests of the three projects, and the gates
	mvn -B verify

format: ## whether all sources are formatted; make test asks the same, later
	for pom in pom.xml lambda-handler/pom.xml local/pom.xml e2e/pom.xml; do mvn -q -B -f $$pom spotless:check || exit 1; done

workflows: ## whether GitHub's workflows are sound; needs Go
	go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 -shellcheck= -pyflakes=

e2e: ## the stories on the real Pulumi engine and an AWS emulator: docs/testing.md
	@mvn -q -B -f e2e/pom.xml validate && $(BUILD) && mvn -B -f e2e/pom.xml verify

golden: ## write the golden plans, the key table and the matrix of credentials again; the diff is the review
	mvn -q -B package -Dtest=ConfigurationDocumentTest -Dgolden=true && mvn -q -B -f local/pom.xml test -Dtest=GoldenPlanTest,AuthorizationMatrixTest -Dgolden=true

bench: ## figures with their targets: the function cold and warm, the local run, the program
	@$(BUILD) && mvn -q -B -f lambda-handler/pom.xml package exec:exec@bench -DskipTests && mvn -q -B -f local/pom.xml test-compile exec:exec@bench

clean: ## what was built
	rm -rf target lambda-handler/target local/target e2e/target
