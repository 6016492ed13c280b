using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Numerics;

public sealed class ConvolutionTests
{
    private const float Canary = 12345.678f;

    /// <summary>
    /// Picture, channels &gt; filters, kernel, stride, padding, dilation, groups, batch: around every edge of tiles, vectors, and blocks of
    /// terms and of examples.
    /// </summary>
    public static TheoryData<string> Geometries() =>
    [
        "1x1 1>1 1x1 s1x1 p0x0 d1x1 g1 b1",
        "1x1 20>6 1x1 s1x1 p0x0 d1x1 g1 b50",
        "1x1 16>32 1x1 s1x1 p0x0 d1x1 g1 b17",
        "1x1 3>16 3x3 s1x1 p1x1 d1x1 g1 b5",
        "5x5 3>16 5x5 s1x1 p0x0 d1x1 g1 b17",
        "4x6 2>3 4x6 s1x1 p0x0 d1x1 g1 b5",
        "9x9 1>32 5x5 s1x1 p2x2 d1x1 g1 b5",
        "28x28 1>6 5x5 s1x1 p2x2 d1x1 g1 b1",
        "14x14 6>16 5x5 s1x1 p0x0 d1x1 g1 b5",
        "7x7 32>64 5x5 s1x1 p2x2 d1x1 g1 b5",
        "8x8 32>32 3x3 s1x1 p1x1 d1x1 g1 b16",
        "8x8 16>16 3x3 s1x1 p1x1 d1x1 g1 b17",
        "7x9 16>16 3x3 s1x1 p1x1 d1x1 g1 b5",
        "8x8 48>20 3x3 s1x1 p1x1 d1x1 g1 b5",
        "6x6 20>48 3x3 s1x1 p1x1 d1x1 g1 b17",
        "4x4 64>64 3x3 s1x1 p1x1 d1x1 g1 b5",
        "3x3 64>64 1x1 s1x1 p0x0 d1x1 g1 b50",
        "2x2 80>16 3x3 s1x1 p1x1 d1x1 g1 b16",
        "16x16 3>16 3x3 s1x1 p1x1 d1x1 g1 b1",
        "16x16 16>32 3x3 s2x2 p1x1 d1x1 g1 b5",
        "9x8 16>20 3x3 s2x2 p1x1 d1x1 g1 b5",
        "9x8 6>16 3x3 s3x2 p1x0 d1x1 g1 b17",
        "10x11 3>6 2x3 s1x2 p0x1 d1x1 g1 b5",
        "11x10 16>16 1x1 s2x2 p0x0 d1x1 g1 b5",
        "11x10 3>16 1x1 s3x3 p0x0 d1x1 g1 b17",
        "7x7 6>16 2x2 s3x3 p0x0 d1x1 g1 b5",
        "8x8 16>16 2x3 s1x1 p1x1 d1x1 g1 b5",
        "6x6 16>16 3x3 s1x1 p3x3 d1x1 g1 b5",
        "5x5 3>6 1x1 s1x1 p2x2 d1x1 g1 b5",
        "5x6 3>6 1x1 s2x2 p3x1 d1x1 g1 b5",
        "9x9 16>16 3x3 s1x1 p2x2 d2x2 g1 b5",
        "9x9 3>16 3x3 s2x2 p2x2 d2x2 g1 b5",
        "9x9 3>6 3x2 s2x3 p1x2 d2x3 g1 b5",
        "1x20 3>16 1x5 s1x1 p0x2 d1x1 g1 b17",
        "1x33 16>32 1x5 s1x2 p0x2 d1x1 g1 b5",
        "20x1 16>6 5x1 s2x1 p2x0 d1x1 g1 b5",
        "8x8 32>32 3x3 s1x1 p1x1 d1x1 g2 b5",
        "8x8 6>20 3x3 s1x1 p1x1 d1x1 g2 b17",
        "8x8 32>64 3x3 s2x2 p1x1 d1x1 g2 b5",
        "6x6 16>16 3x3 s1x1 p1x1 d1x1 g16 b5",
        "6x6 6>18 3x3 s2x2 p1x1 d1x1 g6 b17",
        "32x32 16>16 3x3 s1x1 p1x1 d1x1 g1 b2",
        "4x4 16>272 1x1 s1x1 p0x0 d1x1 g1 b5",
        "28x28 1>6 5x5 s1x1 p2x2 d1x1 g1 b33",
        "14x15 8>5 3x3 s1x1 p1x1 d1x1 g1 b6",
        "9x33 4>7 3x5 s1x1 p0x2 d1x1 g1 b6",
        "19x18 1>8 4x4 s1x1 p1x1 d1x1 g1 b17",
        "17x12 2>1 3x3 s2x1 p1x1 d1x2 g1 b6",
        "6x19 8>8 3x3 s1x1 p1x1 d1x1 g2 b18",
        "20x20 1>4 3x2 s3x1 p1x0 d1x1 g1 b17",
    ];

    [Theory]
    [MemberData(nameof(Geometries))]
    public void EveryProductHasTheBitsOfThePlainLoops(string text)
    {
        var (geometry, batch) = Read(text);
        var expected = new Products(geometry, batch, MatrixOrder.ColumnMajor);
        expected.Compute(plain: true, threads: 1);
        foreach (var order in (MatrixOrder[])[MatrixOrder.ColumnMajor, MatrixOrder.RowMajor])
        {
            foreach (var threads in (int[])[1, 2, 3])
            {
                var products = new Products(geometry, batch, order);
                products.Compute(plain: false, threads);
                products.AssertSameBits(expected, $"{text}, {order}, {threads} threads");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void WhatStandsInPaddingNeverReachesAResultAndNothingElseIsWritten(string text)
    {
        var (geometry, batch) = Read(text);
        var expected = new Products(geometry, batch, MatrixOrder.ColumnMajor);
        expected.Compute(plain: false, threads: 1);
        foreach (var threads in (int[])[1, 2])
        {
            var products = new Products(geometry, batch, MatrixOrder.ColumnMajor);
            products.FillPadding();
            products.Compute(plain: false, threads);
            products.AssertSameBits(expected, text);
            products.AssertNeighborsAreUntouched();
        }
    }

    /// <summary>One pass over two geometries in turns: what the first leaves in shared room must not reach the second.</summary>
    [Fact]
    public void ConvolutionsThatShareARoomDoNotDisturbEachOther()
    {
        using var compute = new Compute(2);
        string[] texts =
        [
            "8x8 16>32 3x3 s1x1 p1x1 d1x1 g1 b20", "5x7 32>6 5x5 s1x1 p2x2 d1x1 g1 b20", "9x9 3>16 3x3 s2x2 p2x2 d1x1 g1 b20",
        ];
        for (var round = 0; round < 2; round++)
        {
            foreach (var text in texts)
            {
                var (geometry, batch) = Read(text);
                Products expected = new(geometry, batch, MatrixOrder.ColumnMajor), products = new(geometry, batch, MatrixOrder.ColumnMajor);
                expected.Compute(plain: true, threads: 1);
                products.Compute(new Convolution(geometry, compute));
                products.AssertSameBits(expected, text);
            }
        }
    }

    [Theory]
    [InlineData("8x8 16>32 3x3 s1x1 p1x1 d1x1 g1 b5")]
    [InlineData("9x8 6>16 3x3 s3x2 p1x0 d1x1 g1 b5")]
    [InlineData("9x9 4>6 3x2 s2x3 p1x2 d2x3 g2 b5")]
    [InlineData("7x7 6>16 2x2 s3x3 p0x0 d1x1 g1 b5")]
    public void BackwardIsTheAdjointOfForwardAndGradientThatOfTheWeights(string text)
    {
        var (geometry, batch) = Read(text);
        var products = new Products(geometry, batch, MatrixOrder.ColumnMajor);
        products.Biases.Fill(0);
        products.Compute(plain: false, threads: 2);
        var forward = Reductions.Dot(products.Output, products.Error);
        var tolerance = 1e-5 * Math.Sqrt(Reductions.Dot(products.Output, products.Output) * Reductions.Dot(products.Error, products.Error));
        Assert.Equal(forward, Reductions.Dot(products.Input, products.Below), tolerance);
        Assert.Equal(forward, Reductions.Dot(products.Weights, products.Gradient), tolerance);
    }

    [Theory]
    [InlineData("9x9 3>20 3x3 s1x1 p1x1 d1x1 g1 b1", 3)]
    [InlineData("16x16 16>32 3x3 s1x1 p1x1 d1x1 g1 b5", 3)]
    [InlineData("16x16 16>6 3x3 s1x1 p1x1 d1x1 g1 b3", 2)]
    [InlineData("3x3 16>16 3x3 s1x1 p1x1 d1x1 g1 b50", 2)]
    public void AFinishIsAppliedToEveryElementOnceWhateverIsShared(string text, int threads)
    {
        var (geometry, batch) = Read(text);
        Products plain = new(geometry, batch, MatrixOrder.ColumnMajor), finished = new(geometry, batch, MatrixOrder.ColumnMajor);
        plain.Compute(plain: true, threads: 1);
        using var compute = new Compute(threads);
        var (convolution, halve) = (new Convolution(geometry, compute), new LeakyRectify(0.5f));
        convolution.Forward(finished.Input, finished.Weights, finished.Biases, finished.Output, new Finish<LeakyRectify>(halve));
        Elementwise.Map(plain.Output, halve);
        Some.AssertSameBits(plain.Output, finished.Output);
    }

    [Fact]
    public void StepsAllocateNothing()
    {
        using var compute = new Compute(2);
        string[] texts =
        [
            "16x16 16>32 3x3 s1x1 p1x1 d1x1 g1 b20", "7x7 3>6 3x3 s2x2 p1x1 d1x1 g1 b33",
            "8x8 32>16 3x3 s1x1 p1x1 d1x1 g2 b50", "1x1 8>8 1x1 s1x1 p0x0 d1x1 g1 b3",
        ];
        foreach (var order in (MatrixOrder[])[MatrixOrder.ColumnMajor, MatrixOrder.RowMajor])
        {
            var steps = texts.Select(Read).Select(read => (
                Numbers: new Products(read.Geometry, read.Batch, order), Convolution: new Convolution(read.Geometry, compute))).ToArray();
            Step();
            var marks = new AllocationMarks();
            while (marks.Set())
            {
                Step();
            }

            Assert.Equal(0, marks.LeastBetweenTwo);

            void Step()
            {
                foreach (var (numbers, convolution) in steps)
                {
                    numbers.Compute(convolution);
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task SeveralCallersAtOnceGetTheirOwnBits(int threads)
    {
        using var compute = new Compute(threads);
        var (geometry, batch) = Read("8x8 16>20 3x3 s1x1 p1x1 d1x1 g1 b4");
        var convolution = new Convolution(geometry, compute);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(caller => Task.Run(() =>
        {
            var expected = new Products(geometry, batch, MatrixOrder.ColumnMajor, (ulong)caller);
            expected.Compute(plain: true, threads: 1);
            var products = new Products(geometry, batch, MatrixOrder.ColumnMajor, (ulong)caller);
            for (var i = 0; i < 50; i++)
            {
                products.Forget();
                products.Compute(convolution);
                products.AssertSameBits(expected, $"caller {caller}");
            }
        })));
    }

    /// <summary>2⁶⁰ in the first block, then −2⁶⁰ and 1: the second block is −2⁶⁰, for a double has no room for the 1 beside it.</summary>
    [Fact]
    public void BiasGradientsAreSumsOfBlocks()
    {
        var (geometry, batch) = Read("2x2 1>20 1x1 s1x1 p0x0 d1x1 g1 b18");
        var (error, sums) = (new Matrix(batch, geometry.OutputSize), new Matrix(1, geometry.Filters));
        for (var filter = 0; filter < geometry.Filters; filter++)
        {
            (error[3, filter], error[16, filter], error[17, filter]) = (1L << 60, -(1L << 60), 1);
        }

        new Convolution(geometry, new Compute()).SumErrors(error, 1, sums);
        Assert.All(sums.Row(0).ToArray(), sum => Assert.Equal(0, sum));
    }

    [Fact]
    public void AResultInTheMemoryOfItsSourceIsRefused()
    {
        var (geometry, batch) = Read("8x8 16>16 3x3 s1x1 p1x1 d1x1 g1 b2");
        var (products, convolution) = (new Products(geometry, batch, MatrixOrder.ColumnMajor), new Convolution(geometry, new Compute()));
        Assert.Throws<ArgumentException>(
            "output", () => convolution.Forward(products.Input, products.Weights, products.Biases, products.Input, finish: null));
        Assert.Throws<ArgumentException>("below", () => convolution.Backward(products.Error, products.Weights, products.Error));
    }

    private static (ConvolutionGeometry Geometry, int Batch) Read(string text)
    {
        var parts = text.Split(' ');
        var channels = parts[1].Split('>');
        var geometry = new ConvolutionGeometry(
            Extent(parts[0]), Number(channels[0]), Number(channels[1]), Extent(parts[2]), Extent(parts[3][1..]), Extent(parts[4][1..]),
            Extent(parts[5][1..]), Number(parts[6][1..]));
        return (geometry, Number(parts[7][1..]));

        static int Number(string number) => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture);

        static Extent Extent(string both) => new(Number(both.Split('x')[0]), Number(both.Split('x')[1]));
    }

    /// <summary>What a step's products read, and what they write: rows in the middle of matrices, whose neighbors are canaries.</summary>
    private sealed class Products
    {
        private readonly ConvolutionGeometry _geometry;
        private readonly (Matrix Whole, Matrix Middle)[] _written;

        public Products(ConvolutionGeometry geometry, int batch, MatrixOrder order, ulong seed = 0)
        {
            _geometry = geometry;
            (Input, Error) = (Some.Matrix(batch, geometry.InputSize, 4 * seed + 1), Some.Matrix(batch, geometry.OutputSize, 4 * seed + 2));
            Weights = Some.Matrix(geometry.Filters, geometry.FilterSize, 4 * seed + 3, order);
            Biases = Some.Matrix(1, geometry.Filters, 4 * seed + 4);
            Gradient = new Matrix(geometry.Filters, geometry.FilterSize, order);
            _written = [Between(batch, geometry.OutputSize), Between(batch, geometry.InputSize), Between(1, geometry.Filters)];
        }

        public Matrix Input { get; }

        public Matrix Error { get; }

        public Matrix Weights { get; }

        public Matrix Biases { get; }

        public Matrix Output => _written[0].Middle;

        public Matrix Below => _written[1].Middle;

        public Matrix BiasGradient => _written[2].Middle;

        public Matrix Gradient { get; }

        public void Compute(bool plain, int threads)
        {
            if (plain)
            {
                PlainConvolution.Forward(_geometry, Input, Weights, Biases, Output);
                PlainConvolution.Backward(_geometry, Error, Weights, Below);
                PlainConvolution.Gradient(_geometry, Error, Input, Gradient);
                PlainConvolution.SumErrors(_geometry, Error, 3, BiasGradient);
                return;
            }

            using var compute = new Compute(threads);
            Compute(new Convolution(_geometry, compute));
        }

        public void Compute(Convolution convolution)
        {
            convolution.Forward(Input, Weights, Biases, Output, finish: null);
            convolution.Backward(Error, Weights, Below);
            convolution.Gradient(Error, Input, Gradient);
            convolution.SumErrors(Error, 3, BiasGradient);
        }

        public void Forget()
        {
            foreach (var matrix in (Matrix[])[Output, Below, Gradient, BiasGradient])
            {
                matrix.Fill(Canary);
            }
        }

        public void FillPadding()
        {
            foreach (var matrix in (Matrix[])[Input, Error, Weights, Biases])
            {
                for (var line = 0; line < matrix.Lines; line++)
                {
                    matrix.PaddedLine(line)[matrix.LineLength..].Fill(float.NaN);
                }
            }
        }

        public void AssertSameBits(Products expected, string text)
        {
            foreach (var (name, first, second) in (IEnumerable<(string, Matrix, Matrix)>)
            [
                ("forward", expected.Output, Output), ("backward", expected.Below, Below), ("gradient", expected.Gradient, Gradient),
                ("biases", expected.BiasGradient, BiasGradient),
            ])
            {
                for (var row = 0; row < first.Rows; row++)
                {
                    for (var column = 0; column < first.Columns; column++)
                    {
                        if (BitConverter.SingleToInt32Bits(first[row, column]) != BitConverter.SingleToInt32Bits(second[row, column]))
                        {
                            Assert.Fail($"{text}, {name} [{row}, {column}]: {second[row, column]:R} instead of {first[row, column]:R}");
                        }
                    }
                }
            }
        }

        public void AssertNeighborsAreUntouched()
        {
            foreach (var (whole, _) in _written)
            {
                foreach (var neighbor in (int[])[0, whole.Rows - 1])
                {
                    Assert.All(whole.Row(neighbor).ToArray(), value => Assert.Equal(Canary, value));
                }
            }
        }

        private static (Matrix Whole, Matrix Middle) Between(int rows, int columns)
        {
            var whole = new Matrix(rows + 2, columns);
            whole.Fill(Canary);
            return (whole, whole.Slice(1, rows));
        }
    }
}
