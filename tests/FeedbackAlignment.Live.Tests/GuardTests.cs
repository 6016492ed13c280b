using System.Net;
using System.Net.Http.Headers;

namespace FeedbackAlignment.Live.Tests;

/// <summary>Who gets an answer.</summary>
public sealed class GuardTests : IAsyncDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private static readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    private readonly WatchedRuns _runs = new();
    private readonly HttpClient _client = new();

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("localhost:8080", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:9", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("10.0.0.1", HttpStatusCode.MisdirectedRequest)]
    public async Task OnlyTheNamesOfThisMachineAreAnswered(string host, HttpStatusCode status)
    {
        await using var page = await LivePage.StartAsync(_runs.Folder, 0, Token);

        using var request = new HttpRequestMessage(HttpMethod.Get, At(page, "/")) { Headers = { Host = host } };
        using var answer = await _client.SendAsync(request, _stop);

        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer ", null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer 0123456789abcdef0123456789abcdeg", null, HttpStatusCode.Unauthorized)]
    [InlineData("Basic " + Token, null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer " + Token, "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Bearer " + Token, "null", HttpStatusCode.Forbidden)]
    [InlineData("Bearer " + Token, null, HttpStatusCode.OK)]
    public async Task DataNeedTheKeyAndThePageItself(string? authorization, string? origin, HttpStatusCode status)
    {
        await using var page = await LivePage.StartAsync(_runs.Folder, 0, Token);

        using var request = new HttpRequestMessage(HttpMethod.Post, At(page, "/api/events")) { Content = new StringContent("{}") };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop);

        Assert.Equal(status, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/live.js")]
    [InlineData("/charts.js")]
    [InlineData("/live.css")]
    [InlineData("/icon.svg")]
    [InlineData("/uplot/uplot.js")]
    public async Task EveryFileComesWithTheHeadersThatKeepItApart(string path)
    {
        await using var page = await LivePage.StartAsync(_runs.Folder, 0, Token);

        using var answer = await _client.GetAsync(At(page, path), _stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("not JSON", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{\"places\":{\"runs/x-1\":null,\"../..\":{\"byte\":-5,\"mark\":\"zz\"}}}", HttpStatusCode.OK)]
    public async Task WhatATabSaysIsNotTrusted(string body, HttpStatusCode status)
    {
        await using var page = await LivePage.StartAsync(_runs.Folder, 0, Token);

        using var request = new HttpRequestMessage(HttpMethod.Post, At(page, "/api/events")) { Content = new StringContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop);

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task APortThatIsTakenIsSaid()
    {
        await using var page = await LivePage.StartAsync(_runs.Folder, 0, Token);

        await Assert.ThrowsAsync<IOException>(() => LivePage.StartAsync(_runs.Folder, page.Port, Token));
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _runs.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Uri At(LivePage page, string path) => new($"http://127.0.0.1:{page.Port}{path}");
}
