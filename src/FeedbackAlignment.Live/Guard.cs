using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace FeedbackAlignment.Live;

/// <summary>
/// Who may see what. A request must be for this machine by name, which stops a page elsewhere whose name was made to lead here (DNS
/// rebinding). Data need the token, in a header that no other page can send: there is no CORS.
/// </summary>
/// <param name="token">The token; null: there are no data that would need one.</param>
/// <param name="policy">What a page may load, as <c>Content-Security-Policy</c>.</param>
internal sealed class Guard(string? token, string policy)
{
    /// <summary>Where data come from.</summary>
    public const string Events = "/api/events";

    private const string Scheme = "Bearer ";

    private static readonly string[] _hosts = ["localhost", "127.0.0.1", "[::1]"];

    private readonly byte[]? _token = token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public Task Check(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers[HeaderNames.CacheControl] = "no-store";
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        headers[HeaderNames.ContentSecurityPolicy] = policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";

        var (status, why) = Objection(context.Request);
        return status == 0 ? next(context) : Refuse(context, status, why);
    }

    private (int Status, string Why) Objection(HttpRequest request)
    {
        if (!_hosts.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
        {
            return (StatusCodes.Status421MisdirectedRequest, "ask for localhost, 127.0.0.1 or [::1]");
        }

        if (!request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            return (0, "");
        }

        // A browser sends the origin with every POST.
        if (request.Headers.Origin is [{ } origin]
            && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            return (StatusCodes.Status403Forbidden, "this is for the page itself");
        }

        return IsToken(request.Headers.Authorization) ? (0, "")
            : (StatusCodes.Status401Unauthorized, "open the page by the file or address that fa has shown");
    }

    /// <summary>Hashes have one length, and their comparison takes the same time wherever they differ.</summary>
    private bool IsToken(string? header)
        => _token is not null && header is not null && header.StartsWith(Scheme, StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..])), _token);

    private static Task Refuse(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why + "\n");
    }
}
