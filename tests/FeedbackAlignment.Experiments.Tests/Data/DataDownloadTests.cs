using System.Net;
using System.Net.Http.Headers;
using FeedbackAlignment.Experiments.Data;

namespace FeedbackAlignment.Experiments.Tests.Data;

public sealed class DataDownloadTests
{
    private static readonly Uri _first = new("http://first.example/"), _second = new("http://second.example/sub/");

    [Fact]
    public async Task FourFilesComeUnderTheirNamesWithProgress()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home();
        var told = new List<DownloadProgress>();

        var files = await Get(home, folder, new Listener(told));

        Assert.All(files, file => Assert.True(file.Downloaded));
        Assert.Equal(home.Files.Keys.Order(), Directory.GetFiles(Path.Combine(folder.Path, "tiny")).Select(Path.GetFileName).Order());
        Assert.All(files, file => Assert.Equal(home.Files[Path.GetFileName(file.Path)], File.ReadAllBytes(file.Path)));
        foreach (var (name, content) in home.Files)
        {
            Assert.Contains(new DownloadProgress(name, content.Length, content.Length), told);
        }
    }

    [Fact]
    public async Task WhatIsThereAndRightIsNotFetchedAgain()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home();
        await Get(home, folder);
        home.Requests.Clear();

        Assert.All(await Get(home, folder), file => Assert.False(file.Downloaded));
        Assert.Empty(home.Requests);
    }

    [Fact]
    public async Task AnInterruptedFileGoesOnWhereItStopped()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home { BreakAfter = 100 };

        var files = await Get(home, folder);

        Assert.Equal(home.Files["a.gz"], File.ReadAllBytes(files[0].Path));
        Assert.Equal([null, 100L], home.Requests.Take(2).Select(request => request.From));
    }

    [Fact]
    public async Task AFileLeftByAnEarlierTryGoesOn()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home();
        folder.Write("tiny/a.gz.part", home.Files["a.gz"][..60]);

        var files = await Get(home, folder);

        Assert.Equal(home.Files["a.gz"], File.ReadAllBytes(files[0].Path));
        Assert.Equal(60, home.Requests[0].From);
    }

    [Fact]
    public async Task AServerThatKnowsNoRangesStartsAgain()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home { KnowsRanges = false };
        folder.Write("tiny/a.gz.part", home.Files["a.gz"][..60]);

        Assert.Equal(home.Files["a.gz"], File.ReadAllBytes((await Get(home, folder))[0].Path));
        Assert.Equal(4, home.Requests.Count);
    }

    [Fact]
    public async Task AWrongBeginningIsThrownAway()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home();
        folder.Write("tiny/a.gz.part", new byte[60]);

        Assert.Equal(home.Files["a.gz"], File.ReadAllBytes((await Get(home, folder))[0].Path));
    }

    [Fact]
    public async Task APartThatIsTheWholeFileIsAccepted()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home();
        folder.Write("tiny/a.gz.part", home.Files["a.gz"]);

        Assert.True((await Get(home, folder))[0].Downloaded);
        Assert.False(File.Exists(Path.Combine(folder.Path, "tiny", "a.gz.part")));
    }

    [Fact]
    public async Task AWrongFileUnderTheFinalNameIsReplaced()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home();
        var path = folder.Write("tiny/a.gz", [1, 2, 3]);

        await Get(home, folder);

        Assert.Equal(home.Files["a.gz"], File.ReadAllBytes(path));
    }

    [Fact]
    public async Task TheSecondHomeIsAskedWhenTheFirstHasNothing()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home { Refuses = _first.Host };

        var files = await Get(home, folder);

        Assert.Equal(4, files.Count);
        Assert.Equal(["first.example", "second.example"], home.Requests.Take(2).Select(request => request.Host));
    }

    [Fact]
    public async Task TheSecondHomeIsAskedWhenTheFirstSaysThatNothingFollows()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home { Refuses = _first.Host, RefusesWith = HttpStatusCode.RequestedRangeNotSatisfiable };

        Assert.Equal(4, (await Get(home, folder)).Count);
        Assert.Equal(["first.example", "second.example"], home.Requests.Take(2).Select(request => request.Host));
    }

    /// <summary>A server may send without end, and say so or not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MoreThanTheFileHasIsNotFetched(bool says)
    {
        using var folder = new TemporaryFolder();
        using var home = new Home { Floods = true, SaysLength = says };

        var refusal = await Assert.ThrowsAsync<DataSourceException>(() => Get(home, folder));

        Assert.Contains(says ? "must be at most 1000)" : "wrong content (more than 1000 bytes)", refusal.Message, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(Path.Combine(folder.Path, "tiny")), file => Assert.True(new FileInfo(file).Length <= 1000));
    }

    [Fact]
    public async Task ALinkInThePlaceOfAPartIsNotWrittenThrough()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home();
        var mine = folder.Write("mine", [1, 2, 3]);
        Directory.CreateDirectory(Path.Combine(folder.Path, "tiny"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "tiny", "a.gz.part"), mine);

        await Assert.ThrowsAsync<DataSourceException>(() => Get(home, folder));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(mine));
    }

    [Theory]
    [InlineData(FingerprintKind.ContentSha256)]
    [InlineData(FingerprintKind.PackedSha256)]
    public async Task ACorruptFileNeverGetsTheFinalName(FingerprintKind kind)
    {
        using var folder = new TemporaryFolder();
        using var home = new Home { Corrupts = true };

        var refusal = await Assert.ThrowsAsync<DataSourceException>(() => Get(home, folder, kind: kind));

        Assert.Contains("first.example: wrong content", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Path, "tiny")));
    }

    [Fact]
    public async Task OfflineTheMessageNamesFilesFolderAndHomes()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home { Offline = true };

        var refusal = await Assert.ThrowsAsync<DataSourceException>(() => Get(home, folder));

        Assert.Equal(
            "Tiny: could not fetch a.gz (first.example: no route; second.example: no route); without network, copy a.gz, b.gz, c.gz, d.gz " +
            $"from http://first.example/ or http://second.example/sub/ to {Path.Combine(folder.Path, "tiny")}",
            refusal.Message);
        Assert.Equal(2, home.Requests.Count);
    }

    [Fact]
    public async Task AConnectionThatFallsSilentIsGivenUp()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home { Silent = true };
        var refusal = await Assert.ThrowsAsync<DataSourceException>(() => Get(home, folder, patience: TimeSpan.FromMilliseconds(100)));
        Assert.Contains("no answer", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancellationIsNoTroubleOfAHome()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home { Silent = true };
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        using var client = new HttpClient(home, disposeHandler: false);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new DataDownload(client).GetAsync(home.DataSet(FingerprintKind.PackedSha256), folder.Path,
                cancellation: cancellation.Token));
    }

    [Fact]
    public async Task AFolderThatCannotBeWrittenIsSaidSo()
    {
        using var folder = new TemporaryFolder();
        using var home = new Home();
        folder.Write("tiny", [1]);
        var refusal = await Assert.ThrowsAsync<DataSourceException>(() => Get(home, folder));
        Assert.Contains("cannot be written", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<DownloadedFile>> Get(
        Home home, TemporaryFolder folder, IProgress<DownloadProgress>? progress = null,
            FingerprintKind kind = FingerprintKind.ContentSha256,
        TimeSpan? patience = null)
    {
        using var client = new HttpClient(home, disposeHandler: false);
        return await new DataDownload(client, patience)
            .GetAsync(home.DataSet(kind), folder.Path, progress, TestContext.Current.CancellationToken);
    }

    private sealed class Listener(List<DownloadProgress> told) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => told.Add(value);
    }

    /// <summary>Two homes of four small files, with all that can go wrong.</summary>
    private sealed class Home : HttpMessageHandler
    {
        public Dictionary<string, byte[]> Files { get; } = new[] { "a", "b", "c", "d" }.ToDictionary(name => name + ".gz", name => Pack(name[0]));

        public List<(string Host, long? From)> Requests { get; } = [];

        public int? BreakAfter { get; set; }

        public bool KnowsRanges { get; init; } = true;

        public string? Refuses { get; init; }

        public HttpStatusCode RefusesWith { get; init; } = HttpStatusCode.NotFound;

        public bool Corrupts { get; init; }

        public bool Floods { get; init; }

        public bool SaysLength { get; init; } = true;

        public bool Offline { get; init; }

        public bool Silent { get; init; }

        public PublicDataSet DataSet(FingerprintKind kind)
        {
            var set = new PublicDataSet("tiny", "Tiny", "four files", kind, [], [_first, _second]);
            return set with { Files = [.. new[] { "a", "b", "c", "d" }.Select(Published)] };

            PublicFile Published(string name) => new(name, set.FingerprintOf(new MemoryStream(Files[name + ".gz"]), name), MostBytes: 1000);
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var from = request.Headers.Range?.Ranges.Single().From;
            Requests.Add((request.RequestUri!.Host, from));
            if (Offline)
            {
                throw new HttpRequestException("no route");
            }

            if (Silent)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            if (request.RequestUri.Host == Refuses)
            {
                return new HttpResponseMessage(RefusesWith);
            }

            byte[] whole = [.. Files[Path.GetFileName(request.RequestUri.AbsolutePath)], .. new byte[Floods ? 500_000 : 0]];
            if (Corrupts)
            {
                whole[whole.Length / 2] ^= 1;
            }

            return KnowsRanges && from is { } start ? Rest(whole, (int)start) : Body(HttpStatusCode.OK, whole);
        }

        private HttpResponseMessage Rest(byte[] whole, int start)
        {
            if (start >= whole.Length)
            {
                return new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable);
            }

            var response = Body(HttpStatusCode.PartialContent, whole[start..]);
            response.Content.Headers.ContentRange = new ContentRangeHeaderValue(start, whole.Length - 1, whole.Length);
            return response;
        }

        private HttpResponseMessage Body(HttpStatusCode status, byte[] bytes)
        {
            Stream stream = new MemoryStream(bytes);
            if (BreakAfter is { } length)
            {
                (stream, BreakAfter) = (new BreakingStream(bytes[..length]), null);
            }

            var content = new StreamContent(stream);
            content.Headers.ContentLength = SaysLength ? bytes.Length : null;
            return new HttpResponseMessage(status) { Content = content };
        }

        private static byte[] Pack(int seed)
        {
            var bytes = new byte[400];
            new Random(seed).NextBytes(bytes);
            return IdxFiles.Pack(bytes);
        }
    }

    /// <summary>A connection that breaks after its bytes.</summary>
    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => await base.ReadAsync(buffer, cancellationToken) is > 0 and var count ? count : throw new IOException("connection reset");
    }
}
