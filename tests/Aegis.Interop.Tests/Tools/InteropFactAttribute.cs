namespace Aegis.Interop.Tests.Tools;

/// <summary>
/// A fact that needs programs we did not write. It runs when <c>AEGIS_INTEROP</c> asks for it: <c>installed</c> skips those of which a
/// named tool is missing, <c>required</c> skips none. A machine that has some of the tools by chance is no reason to run, or to fail, half
/// of the tests.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InteropFactAttribute : FactAttribute
{
    public InteropFactAttribute(params string[] tools) => Skip = Tool.Missing(tools);
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InteropTheoryAttribute : TheoryAttribute
{
    public InteropTheoryAttribute(params string[] tools) => Skip = Tool.Missing(tools);
}
