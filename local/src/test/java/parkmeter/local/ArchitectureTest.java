package parkmeter.local;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import parkmeter.local.lambda.Functions;
import parkmeter.local.lambda.InvokeResult;

@AnalyzeClasses(packages = "parkmeter.local", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packages_form_no_circle =
            slices().matching("parkmeter.local.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_gateways_know_aws_and_of_functions_only_how_to_call_them = classes()
            .that()
            .resideInAnyPackage("..edge..", "..gateway..", "..httpapi..", "..identity..", "..vtl..", "..states..")
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackages(
                    "parkmeter.local",
                    "parkmeter.local.engine..",
                    "parkmeter.local.tgi..",
                    "parkmeter.local.models..",
                    "parkmeter.local.llm..",
                    "parkmeter.local.openai..",
                    "parkmeter.local.aws..",
                    "com.pulumi..",
                    "pulumirpc..")
            .andShould()
            .onlyDependOnClassesThat(not(resideInAPackage("parkmeter.local.lambda.."))
                    .or(belongToAnyOf(Functions.class, InvokeResult.class)));

    @ArchTest
    static final ArchRule only_programs_write_to_standard_output = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("parkmeter.local.Main")
            .and()
            // The model server is a process of its own, and llama.cpp's binding says too much there.
            .resideOutsideOfPackages("parkmeter.local.models..", "parkmeter.local.llm..")
            .should()
            .accessField(System.class, "out");
}
