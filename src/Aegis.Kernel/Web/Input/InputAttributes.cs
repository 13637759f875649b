namespace Aegis.Kernel.Web.Input;

/// <summary>
/// The operation ignores members and parameters that it does not know, because a standard or another service decides what is sent.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class IgnoresUnknownInputAttribute : Attribute;

/// <summary>
/// What is sent here is about a patient or is secret. An unknown member is named in the refusal only when it is nearly a known one: a name
/// could be the secret itself, sent in the wrong place.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ConfidentialInputAttribute : Attribute;

/// <summary>Says where a member that callers look for here is set instead.</summary>
/// <param name="member">Wire name of the member.</param>
/// <param name="sentence">A sentence that names the operation.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class SetElsewhereAttribute(string member, string sentence) : Attribute
{
    public string Member { get; } = member;

    public string Sentence { get; } = sentence;
}

/// <summary>A change that merges its objects (RFC 7396) whatever the content type, so they are not merged before.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MergesItselfAttribute : Attribute;

/// <summary>A record of the past in an answer: sent back with a change it may differ by then, and is ignored.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PastAttribute : Attribute;

/// <summary>
/// Names a method of the controller that shows further members of the object that a PUT or PATCH changes, or shows it without the effects
/// of GET.
/// </summary>
/// <param name="method">Takes the route values, and perhaps a CancellationToken.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ShownByAttribute(string method) : Attribute
{
    public string Method { get; } = method;

    /// <summary>True when it is asked instead of the GET of the same address.</summary>
    public bool InsteadOfGet { get; init; }
}
