using System.IO.Compression;
using System.Net;

namespace FeedbackAlignment.Live.Tests.Playground;

/// <summary>The site as files, and as it is served.</summary>
public sealed class SiteTests
{
    private const long MostBytes = 3_000_000;

    private static readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Fact]
    public void WhatAServerSendsStaysBelowThreeMegabytes()
    {
        Site.Require();
        using var zip = ZipFile.OpenRead(Site.Archive);
        var sent = zip.Entries.Sum(Compressed);

        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} bytes as gzip sends them");
        Assert.InRange(sent, 1, MostBytes);
    }

    [Fact]
    public void PathsAreRelativeAndNothingIsInline()
    {
        Site.Require();
        using var zip = ZipFile.OpenRead(Site.Archive);
        Assert.Contains(zip.Entries, entry => entry.FullName == ".nojekyll");
        using var reader = new StreamReader(zip.GetEntry("index.html")!.Open());
        var page = reader.ReadToEnd();

        Assert.DoesNotMatch("""(src|href)="(/|https?:)""", page);
        Assert.DoesNotMatch("""<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=""", page);
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/index.html", "text/html")]
    [InlineData("/worker.js", "text/javascript")]
    [InlineData("/_framework/dotnet.js", "text/javascript")]
    public async Task ItIsServedWithHeadersThatKeepItApart(string path, string type)
    {
        Site.Require();
        await using var page = await PlaygroundPage.StartAsync(Site.Archive, 0);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{page.Port}{path}"), _stop);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self' 'wasm-unsafe-eval';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherNamesAndOtherPathsGetNothing()
    {
        Site.Require();
        await using var page = await PlaygroundPage.StartAsync(Site.Archive, 0);
        using var client = new HttpClient();
        var root = new Uri($"http://127.0.0.1:{page.Port}/");
        using var stranger = new HttpRequestMessage(HttpMethod.Get, root) { Headers = { Host = "evil.example" } };

        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await client.SendAsync(stranger, _stop)).StatusCode);
        foreach (var path in new[] { "/api/events", "/..%2fetc/passwd", "/live.js" })
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{page.Port}{path}"), _stop);
            Assert.False(answer.IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task AnArchiveThatIsNoneIsSaid()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "no archive", _stop);
        try
        {
            var said = await Assert.ThrowsAsync<IOException>(() => PlaygroundPage.StartAsync(file, 0));
            Assert.Contains("is no playground", said.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static long Compressed(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var sent = new MemoryStream();
        using (var gzip = new GZipStream(sent, CompressionLevel.Optimal, leaveOpen: true))
        {
            content.CopyTo(gzip);
        }

        return sent.Length;
    }
}
