using Aegis.Kernel.Json;
using FluentValidation;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Aegis.Kernel.Validation;

/// <summary>Runs the validator of each argument and refuses with all errors at once, keyed by wire path.</summary>
internal sealed class ValidationFilter : IAsyncActionFilter
{
    static ValidationFilter()
    {
        ValidatorOptions.Global.PropertyNameResolver = (type, member, _) => member is null ? null : WireNames.Of(type, member);
        ValidatorOptions.Global.DisplayNameResolver = (type, member, _) => member is null ? null : WireNames.Of(type, member);
        ValidatorOptions.Global.LanguageManager.Enabled = false;
    }

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        foreach (var argument in context.ActionArguments.Values)
        {
            if (argument is null) continue;
            var validatorType = typeof(IValidator<>).MakeGenericType(argument.GetType());
            if (context.HttpContext.RequestServices.GetService(validatorType) is not IValidator validator) continue;

            var result = await validator.ValidateAsync(new ValidationContext<object>(argument), context.HttpContext.RequestAborted);
            if (!result.IsValid)
            {
                throw Invalid.Fields(result.Errors
                    .GroupBy(e => e.PropertyName, StringComparer.Ordinal)
                    .ToDictionary(g => g.Key, g => g.Select(e => e.ErrorMessage).ToArray()));
            }
        }

        await next();
    }
}
