package parkmeter.lambda;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may know which. */
@AnalyzeClasses(packages = "parkmeter.lambda", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule NOTHING_ON_LAMBDA_KNOWS_PULUMI =
            noClasses().should().dependOnClassesThat().resideInAPackage("com.pulumi..");

    @ArchTest
    static final ArchRule ONLY_ADAPTERS_KNOW_THE_AWS_SDK = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "parkmeter.lambda.aws",
                    "parkmeter.lambda.access.store",
                    "parkmeter.lambda.jobs.store",
                    "parkmeter.lambda.sagemaker",
                    "parkmeter.lambda.meter.aws",
                    "parkmeter.lambda.meter.table")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..");

    @ArchTest
    static final ArchRule THE_METERS_RULES_KNOW_NOTHING_BUT_JSON = classes()
            .that()
            .resideInAPackage("parkmeter.lambda.meter")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "parkmeter.lambda.meter",
                    "parkmeter.lambda.json",
                    "com.fasterxml.jackson.core..",
                    "java..",
                    "org.jspecify..");

    /** What is not in the function's zip: a change there does not deploy the prompt API's function. */
    @ArchTest
    static final ArchRule THE_PROMPT_API_KNOWS_OF_THE_METER_ITS_RULES_AND_TABLE = noClasses()
            .that()
            .resideInAnyPackage("parkmeter.lambda.invoke", "parkmeter.lambda.gateway", "parkmeter.lambda.meter.table")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "parkmeter.lambda.meter.aws",
                    "parkmeter.lambda.meter.http",
                    "parkmeter.lambda.meter.registration",
                    "parkmeter.lambda.meter.tick");

    @ArchTest
    static final ArchRule WHAT_IS_SHARED_KNOWS_NO_API = noClasses()
            .that()
            .resideInAnyPackage(
                    "parkmeter.lambda.aws",
                    "parkmeter.lambda.sagemaker",
                    "parkmeter.lambda.gateway",
                    "parkmeter.lambda.meter..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("parkmeter.lambda.invoke");

    @ArchTest
    static final ArchRule ONLY_HANDLERS_KNOW_LAMBDA = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Handler")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.amazonaws..");

    @ArchTest
    static final ArchRule NOTHING_PRINTS = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule FAILURES_HAVE_TYPES = NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
}
