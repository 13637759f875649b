namespace Aegis.Kernel.Web.Input;

/// <summary>The operation ignores unknown members and parameters, because a standard or another service defines the input.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class IgnoresUnknownInputAttribute : Attribute;

/// <summary>
/// The input contains patient data or secrets. A refusal names an unknown member only when it is similar to a known one, because the name
/// could be the secret itself, sent in the wrong place.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ConfidentialInputAttribute : Attribute;

/// <summary>Says where to set a member that callers expect here.</summary>
/// <param name="member">Wire name of the member.</param>
/// <param name="sentence">A sentence that names the operation.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class SetElsewhereAttribute(string member, string sentence) : Attribute
{
    public string Member { get; } = member;

    public string Sentence { get; } = sentence;
}

/// <summary>Marks a change that merges its objects (RFC 7396) whatever the content type, so the filter does not merge them.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MergesItselfAttribute : Attribute;

/// <summary>Marks a record of the past in a response. It may have changed when a client sends it back, so it is ignored.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PastAttribute : Attribute;

/// <summary>
/// Names a controller method that shows further members of the object that a PUT or PATCH changes, or shows the object without the side
/// effects of GET.
/// </summary>
/// <param name="method">The method; its arguments are route values and optionally a CancellationToken.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ShownByAttribute(string method) : Attribute
{
    public string Method { get; } = method;

    /// <summary>True when the method replaces the GET operation of the same path.</summary>
    public bool InsteadOfGet { get; init; }
}
