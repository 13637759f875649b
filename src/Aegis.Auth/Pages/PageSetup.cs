using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Aegis.Auth.Pages;

/// <summary>
/// Registers and maps the pages for people. They are Razor pages: signing in, a second factor, re-authentication, an invitation, approving
/// a program, and below Settings the account and its API keys. Each page calls the use-case class of its folder under People and shows
/// refusals next to its fields. A refusal that a page does not catch becomes a page of <see cref="RefusalPages"/>. <see cref="Asset"/>
/// serves the stylesheet and the scripts. All forms work without scripts, except those for passkeys.
/// </summary>
internal static class PageSetup
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddRazorPages(o => o.Conventions.ConfigureFilter(new PageHeaders()).ConfigureFilter(new AllowedMethods()));
        services.AddSingleton<IConfigureOptions<AntiforgeryOptions>, AntiforgerySetup>();
    }

    public static void MapPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapRazorPages().WithMetadata(new RefusalPage(RefusalPages.Write));
        Asset.Map(endpoints);
    }

    public static ApplicationPart Part => new CompiledRazorAssemblyPart(typeof(PageSetup).Assembly);

    /// <summary>Sets the headers of pages, and refuses forms that were not sent from our pages.</summary>
    private sealed class PageHeaders : IAlwaysRunResultFilter, IOrderedFilter
    {
        public int Order => int.MinValue;

        public void OnResultExecuting(ResultExecutingContext context)
        {
            RefusalPages.SetHeaders(context.HttpContext.Response);
            if (context.Result is IAntiforgeryValidationFailedResult)
                throw Refuse.Invalid("form_expired",
                    "This form is too old, or was not sent from this page. Allow cookies, go back, load the page again, and fill in the "
                        + "form again.");
        }

        public void OnResultExecuted(ResultExecutedContext context)
        {
        }
    }

    /// <summary>Answers 405 to methods without a handler. Razor would show the page without its data.</summary>
    private sealed class AllowedMethods : IPageFilter
    {
        public void OnPageHandlerSelected(PageHandlerSelectedContext context)
        {
        }

        public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
        {
            var getOnly = context.ActionDescriptor.HandlerTypeInfo.IsDefined(typeof(GetOnlyAttribute), inherit: false);
            if (context.HandlerMethod is not null && !(getOnly && HttpMethods.IsHead(context.HttpContext.Request.Method))) return;
            var handlers = context.ActionDescriptor.HandlerMethods;
            var methods = handlers.Select(h => h.HttpMethod.ToUpperInvariant()).ToHashSet(StringComparer.Ordinal);
            if (methods.Contains(HttpMethods.Get) && !getOnly) methods.Add(HttpMethods.Head);
            context.HttpContext.Response.Headers.Allow = string.Join(", ", methods.Order(StringComparer.Ordinal));
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
        }

        public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
        {
        }
    }

    /// <summary>Names the cookie and the form field of the antiforgery tokens.</summary>
    private sealed class AntiforgerySetup(IPublicUrl publicUrl) : IConfigureOptions<AntiforgeryOptions>
    {
        public void Configure(AntiforgeryOptions options)
        {
            var isHttps = publicUrl.Value.StartsWith("https:", StringComparison.Ordinal);
            options.Cookie = new AntiforgeryCookie(isHttps)
            {
                Name = isHttps ? "__Host-aegis-form" : "aegis-form",
                Path = "/",
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                IsEssential = true
            };
            options.FormFieldName = "form";
            options.SuppressXFrameOptionsHeader = true; // the middleware sends it
        }
    }

    /// <summary>
    /// Secure when the public address is https. With its own policy antiforgery would refuse to work behind a proxy that ends TLS and is
    /// not trusted.
    /// </summary>
    private sealed class AntiforgeryCookie(bool isHttps) : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure = isHttps;
            return options;
        }
    }
}
