package parkmeter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.pulumi.resources.ComponentResource;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which part of the program may know which. */
@AnalyzeClasses(packages = "parkmeter", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule config_knows_nothing_of_pulumi = noClasses()
            .that()
            .resideInAPackage("parkmeter.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.pulumi..");

    @ArchTest
    static final ArchRule iam_knows_no_resources = noClasses()
            .that()
            .resideInAPackage("parkmeter.iam..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.pulumi.aws..", "parkmeter.config..");

    @ArchTest
    static final ArchRule components_are_given_their_config_and_do_not_read_it = noClasses()
            .that()
            .areAssignableTo(ComponentResource.class)
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("com.pulumi.Config")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleName("ConfigReader");

    @ArchTest
    static final ArchRule nothing_uses_the_sdks_insides =
            noClasses().should().dependOnClassesThat().resideInAPackage("com.pulumi..internal..");

    /** Pulumi shows what a program prints only when it fails. */
    @ArchTest
    static final ArchRule nothing_prints = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule packages_know_each_other_one_way =
            slices().matching("parkmeter.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule components_are_final =
            classes().that().areAssignableTo(ComponentResource.class).should().haveModifier(JavaModifier.FINAL);
}
