package parkmeter.lambda;

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
    static final ArchRule ONLY_SAGEMAKER_KNOWS_THE_AWS_SDK = noClasses()
            .that()
            .resideOutsideOfPackage("parkmeter.lambda.sagemaker")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..");

    @ArchTest
    static final ArchRule SAGEMAKER_KNOWS_NO_API = noClasses()
            .that()
            .resideInAPackage("parkmeter.lambda.sagemaker")
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
