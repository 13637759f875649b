using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Aegis.Kernel.Web.Idempotency;

/// <summary>
/// Accepts an Idempotency-Key. A repeat within 24 hours with the same body and query gets the same answer, rebuilt from the stored object.
/// With another body or query it is refused.
/// </summary>
/// <param name="status">HTTP status of success, also for a repeat.</param>
/// <param name="answer">
/// Name of the controller's method that builds the answer, declared with <c>(string id, CancellationToken ct)</c>; null when the answer
/// contains a secret.
/// </param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IdempotentAttribute(int status, string? answer) : Attribute, IFilterFactory, IActionModelConvention
{
    public const string Header = "Idempotency-Key";

    private static readonly object AnswerMethod = new();

    public bool IsReusable => false;

    public int Status { get; } = status;

    public string? Answer { get; } = answer;

    public IFilterMetadata CreateInstance(IServiceProvider serviceProvider) =>
        ActivatorUtilities.CreateInstance<IdempotencyFilter>(serviceProvider, this);

    /// <summary>Finds the method at startup, so that a wrong name stops the start and not the first repeat.</summary>
    public void Apply(ActionModel action)
    {
        if (Answer is null) return;
        action.Properties[AnswerMethod] = action.Controller.ControllerType.GetMethod(
                Answer, BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly,
                [typeof(string), typeof(CancellationToken)])
            ?? throw new InvalidOperationException(
                $"{action.Controller.ControllerName} declares no {Answer}(string id, CancellationToken ct).");
    }

    /// <summary>The method that builds the answer to a repeat; null when the answer contained a secret.</summary>
    internal static MethodInfo? AnswerOf(ActionDescriptor action) =>
        action.Properties.TryGetValue(AnswerMethod, out var found) ? found as MethodInfo : null;
}
