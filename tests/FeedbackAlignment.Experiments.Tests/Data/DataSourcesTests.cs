using System.Text;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tests.Data;

public sealed class DataSourcesTests
{
    [Fact]
    public void DigitsNeedNoFolderAndKnowTheirDefaults()
    {
        var loaded = new DataSources("/nowhere").Load(new DataSpec { Train = 100 });

        Assert.Equal("digits drawn from seed 1", loaded.Record.Description);
        Assert.Equal((100, 2000, 5000), (loaded.Record.Train, loaded.Record.Validation, loaded.Record.Test));
        Assert.Equal((784, 10, true), (loaded.Record.Inputs, loaded.Record.Outputs, loaded.Record.Classification));
    }

    [Theory]
    [InlineData("teacher-linear", null, "linear teacher 30-10 drawn from seed 1", 30, 10)]
    [InlineData("teacher-tanh", null, "tanh teacher 30-20-10-10 drawn from seed 1", 30, 10)]
    [InlineData("teacher-tanh", "8-4-3", "tanh teacher 8-4-3 drawn from seed 1", 8, 3)]
    public void TeachersAreRegression(string source, string? sizes, string description, int inputs, int outputs)
    {
        var loaded = new DataSources("/nowhere").Load(new DataSpec { Source = source, Teacher = sizes, Train = 20, Validation = 5, Test = 6 });

        Assert.Equal(description, loaded.Record.Description);
        Assert.Equal((inputs, outputs, false), (loaded.Record.Inputs, loaded.Record.Outputs, loaded.Record.Classification));
        Assert.Equal((20, 5, 6), (loaded.Split.Train.Count, loaded.Split.Validation.Count, loaded.Split.Test.Count));
    }

    [Fact]
    public void TheBandedPlaneIsTwoInputsAndThreeClasses()
    {
        var loaded = new DataSources("/nowhere").Load(new DataSpec { Source = "banded", Seed = 4, Train = 20, Validation = 5, Test = 6 });

        Assert.Equal("a plane of bands drawn from seed 4", loaded.Record.Description);
        Assert.Equal((2, 3, true), (loaded.Record.Inputs, loaded.Record.Outputs, loaded.Record.Classification));
        Assert.Equal((20, 5, 6), (loaded.Split.Train.Count, loaded.Split.Validation.Count, loaded.Split.Test.Count));
    }

    [Fact]
    public void FilesThatAreSpelledWithAPointAreIdxFilesToo()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train-images.idx3-ubyte", IdxFiles.Pictures(24));
        folder.Write("train-labels.idx1-ubyte.gz", IdxFiles.Pack(IdxFiles.Labels(24)));
        folder.Write("t10k-images.idx3-ubyte.gz", IdxFiles.Pack(IdxFiles.Pictures(9)));
        folder.Write("t10k-labels.idx1-ubyte", IdxFiles.Labels(9));

        var split = new DataSources("/nowhere").Load(new DataSpec { Source = folder.Path }).Split;

        Assert.Equal(24, split.Train.Count + split.Validation.Count);
        Assert.Equal(Enumerable.Range(0, 9), Numbers(split.Test));
    }

    [Fact]
    public void TrainingAndValidationShareNoExampleAndTestIsTheTestFiles()
    {
        using var folder = new TemporaryFolder();
        IdxFiles.WriteTo(folder);

        var (split, record, _, _) = new DataSources("/nowhere").Load(new DataSpec { Source = folder.Path, Validation = 7 });

        Assert.Equal((17, 7, 9), (record.Train, record.Validation, record.Test));
        Assert.Equal(Enumerable.Range(0, 24), Numbers(split.Train).Concat(Numbers(split.Validation)).Order());
        Assert.Equal(Enumerable.Range(0, 9), Numbers(split.Test));
        foreach (var part in new[] { split.Train, split.Validation, split.Test })
        {
            Assert.Equal(Numbers(part).Select(number => number % 3), part.Labels!);
            Assert.Equal(new ImageShape(2, 2), part.Image);
        }
    }

    [Fact]
    public void ValidationStaysTheSameWhenTrainingIsSmallerAndChangesWithTheSeed()
    {
        using var folder = new TemporaryFolder();
        IdxFiles.WriteTo(folder);
        var sources = new DataSources("/nowhere");
        var spec = new DataSpec { Source = folder.Path, Validation = 6 };
        var expected = Numbers(sources.Load(spec).Split.Validation);

        Assert.Equal(expected, Numbers(sources.Load(spec with { Train = 3 }).Split.Validation));
        Assert.NotEqual(expected, Numbers(sources.Load(spec with { Seed = 2 }).Split.Validation));
    }

    [Fact]
    public void OneTwelfthOfTheTrainingFilesIsForValidation()
    {
        using var folder = new TemporaryFolder();
        IdxFiles.WriteTo(folder);
        var record = new DataSources("/nowhere").Load(new DataSpec { Source = folder.Path }).Record;
        Assert.Equal((22, 2), (record.Train, record.Validation));
    }

    [Fact]
    public void InputScaleMultipliesAllInputs()
    {
        using var folder = new TemporaryFolder();
        IdxFiles.WriteTo(folder);
        var split = new DataSources("/nowhere").Load(new DataSpec { Source = folder.Path, InputScale = 10 }).Split;
        Assert.Equal(8 / 255f * 10, split.Test.Inputs[8, 0]);
        Assert.Equal(Enumerable.Range(0, 24).Select(number => 10 * number), Numbers(split.Train).Concat(Numbers(split.Validation)).Order());
    }

    [Theory]
    [InlineData(20, 5, null, "20 training and 5 validation examples asked for, but IDX files in FOLDER: the training files have 24")]
    [InlineData(null, 24, null, "0 training and 24 validation")]
    [InlineData(null, null, 10, "10 test examples asked for, but IDX files in FOLDER: the test files have 9")]
    [InlineData(0, null, null, "data.train: must be > 0, was 0")]
    [InlineData(int.MaxValue, int.MaxValue, null, "2147483647 training and 2147483647 validation")]
    public void AskingForMoreThanThereIsSaysHowManyThereAre(int? train, int? validation, int? test, string problem)
    {
        using var folder = new TemporaryFolder();
        IdxFiles.WriteTo(folder);
        var refusal = Assert.Throws<DataSourceException>(
            () => new DataSources("/nowhere").Load(new DataSpec { Source = folder.Path, Train = train, Validation = validation, Test = test }));
        Assert.Contains(problem.Replace("FOLDER", folder.Path, StringComparison.Ordinal), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CsvFolderSharesItsClasses()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train.csv", "x,y,kind\n1,2,cat\n3,4,dog\n5,6,emu\n7,7,emu\n8,8,dog\n9,9,cat\n"u8.ToArray());
        folder.Write("test.csv", "x,y,kind\n7,8,dog\n"u8.ToArray());

        var (split, record, _, _) = new DataSources("/nowhere").Load(new DataSpec { Source = folder.Path });

        Assert.Equal([1], split.Test.Labels!);
        Assert.Equal((2, 3, true), (record.Inputs, record.Outputs, record.Classification));
    }

    [Theory]
    [InlineData("labels", true)]
    [InlineData("targets", false)]
    public void NpyFolderIsClassificationOrRegressionByItsFiles(string answers, bool classification)
    {
        using var folder = new TemporaryFolder();
        foreach (var part in new[] { "train", "test" })
        {
            folder.Write($"{part}-inputs.npy", Npy("(6, 2)", [0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6]));
            folder.Write($"{part}-{answers}.npy", Npy("(6,)", [0, 1, 2, 2, 1, 0]));
        }

        var (split, record, _, _) = new DataSources("/nowhere").Load(new DataSpec { Source = folder.Path });

        Assert.Equal(classification, record.Classification);
        Assert.Equal(1f, split.Test.Inputs[2, 1], 1e-6f);
        Assert.Equal(classification ? 3 : 1, record.Outputs);
    }

    [Fact]
    public void MissingPublicFilesAreNamedWithWhatToDo()
    {
        using var folder = new TemporaryFolder();
        folder.Write("mnist/train-images-idx3-ubyte", IdxFiles.Pictures(3));

        var refusal = Assert.Throws<DataSourceException>(() => new DataSources(folder.Path).Load(new DataSpec { Source = "mnist" }));

        Assert.Equal(
            $"MNIST is not complete: no train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte (plain or .gz) in {Path.Combine(folder.Path, "mnist")}; " +
            "run `fa data get mnist`, or set FA_DATA or --data-dir to the folder that contains `mnist`, or copy the missing files there "
                + "from another machine",
            refusal.Message);
    }

    [Theory]
    [InlineData("mnist")]
    [InlineData("fashion-mnist")]
    public void OtherContentThanThePublishedIsRefusedWithBothHashes(string id)
    {
        using var folder = new TemporaryFolder();
        IdxFiles.WriteTo(folder, id);

        var refusal = Assert.Throws<DataSourceException>(() => new DataSources(folder.Path).Load(new DataSpec { Source = id }));

        Assert.Contains(ContentHash.Sha256(new MemoryStream(IdxFiles.Pictures(24)), "x"), refusal.Message, StringComparison.Ordinal);
        Assert.Contains(PublicDataSet.All.Single(data => data.Id == id).Files[0].Fingerprint, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./no-such-folder", null, "no such folder")]
    [InlineData("teacher-tanh", "30-x", "data.teacher: must be at least two layer sizes, e.g. 30-20-10-10, was '30-x'")]
    [InlineData("teacher-tanh", "30", "data.teacher: must be at least two layer sizes")]
    [InlineData("teacher-linear", "30-20-10", "a linear teacher has two sizes")]
    public void SourcesThatMakeNoSenseAreRefused(string source, string? teacher, string problem)
    {
        var refusal = Assert.Throws<DataSourceException>(() => new DataSources("/nowhere").Load(new DataSpec { Source = source, Teacher = teacher }));
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderWithoutDataSaysWhatWasLookedFor()
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<DataSourceException>(() => new DataSources("/nowhere").Load(new DataSpec { Source = folder.Path }));
        Assert.Equal($"{folder.Path}: no training data; looked for train.csv, train-inputs.npy, train-images-idx3-ubyte (each plain or .gz) and folders of images by class", refusal.Message);
    }

    [Fact]
    public void TestFilesOfAnotherWidthAreRefused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train.csv", "3,2,a\n3,4,b\n1,4,b\n1,1,a\n"u8.ToArray());
        folder.Write("test.csv", "1\n"u8.ToArray());
        var refusal = Assert.Throws<DataFormatException>(() => new DataSources("/nowhere").Load(new DataSpec { Source = folder.Path }));
        Assert.Equal($"{folder.Path}/test.csv, line 1: the line has 1 columns, but the training file has 3, 2 of them inputs", refusal.Message);
    }

    [Theory]
    [InlineData("chosen", "environment", "chosen")]
    [InlineData(null, "environment", "environment")]
    [InlineData("", "", "./data")]
    public void TheUsersFolderGoesBeforeTheEnvironments(string? chosen, string? environment, string expected)
        => Assert.Equal(expected.Replace('/', Path.DirectorySeparatorChar), DataDirectory.Resolve(chosen, environment));

    private static int[] Numbers(DataSet pictures)
        => [.. Enumerable.Range(0, pictures.Count).Select(example => (int)MathF.Round(pictures.Inputs[example, 0] * 255))];

    private static byte[] Npy(string shape, byte[] numbers)
    {
        var header = Encoding.ASCII.GetBytes($"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. numbers];
    }
}
