namespace Aegis.Kernel.Web.Http;

/// <summary>
/// Marks an operation that answers with a long stream: its answer is not buffered for the audit, it writes its own begin and end entries,
/// and its path, which holds a credential, is never logged.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StreamsContentAttribute : Attribute;
